import type { LatencyStageName } from "./latency-result.ts";

/** What the receiving end of a path has counted since it opened. */
export type PathCounters = {
  readonly received: number;
  /** Packets that arrived too late to be played. */
  readonly late: number;
  /** Samples made up for missing ones, and all samples played. */
  readonly concealedSamples: number;
  readonly totalSamples: number;
  /** Bytes on the wire with UDP and IP headers; undefined where nothing is sent. */
  readonly wireBytes: number | undefined;
};

/** A path between two nodes of one context, in use. */
export type PathUnderTest = {
  /** Least time until its delay says anything, seconds. */
  readonly settleSeconds: number;
  /**
   * Plays what arrived, once for every time the path was opened: where delay hangs on how clocks happened to meet, one opening says
   * little, so several stand side by side and are listened to in turn.
   */
  readonly outputs: readonly [AudioNode, ...AudioNode[]];
  counters(): Promise<PathCounters>;
  /** Begins to collect what the stages are computed from. */
  beginStages(): void;
  /** To be called a few times in between. */
  observeStages(): void;
  /** ms by stage since `beginStages`; undefined where the path does not say. */
  endStages(): Promise<Readonly<Record<LatencyStageName, number>> | undefined>;
  close(): void;
};

/** IPv4 and UDP headers, bytes. */
const DATAGRAM_HEADERS = 28;

/** Bytes that a connection has sent, with IP and UDP headers. */
export async function wireBytesOf(connection: RTCPeerConnection): Promise<number | undefined> {
  for (const report of (await connection.getStats()).values()) {
    const { type, bytesSent, packetsSent } = report as RTCStats & { bytesSent?: number; packetsSent?: number };
    if (type === "transport" && bytesSent !== undefined && packetsSent !== undefined) {
      return bytesSent + packetsSent * DATAGRAM_HEADERS;
    }
  }
  return undefined;
}

/** Passes the candidates of each connection to the other and negotiates. */
export async function connectPair(near: RTCPeerConnection, far: RTCPeerConnection): Promise<void> {
  near.onicecandidate = ({ candidate }) => void far.addIceCandidate(candidate ?? undefined);
  far.onicecandidate = ({ candidate }) => void near.addIceCandidate(candidate ?? undefined);
  await near.setLocalDescription();
  if (near.localDescription) await far.setRemoteDescription(near.localDescription);
  await far.setLocalDescription();
  if (far.localDescription) await near.setRemoteDescription(far.localDescription);
}
