import type { EngineStatistics, MemberDelays, PeerStatistics } from "../../../engine/index.ts";

/** Stages of the way from a mouth to an ear, in order. */
export const latencyStageNames = [
  "capture",
  "processing",
  "encode",
  "network",
  "jitter buffer",
  "decode",
  "output",
] as const;

/** One stage of the way. */
export type LatencyStageName = (typeof latencyStageNames)[number];

/** What a stage adds, ms. */
export type LatencyStage = { readonly name: LatencyStageName; readonly ms: number };

/** One direction: the stages that are known, and what is not in them. */
export type LatencyPath = {
  readonly stages: readonly LatencyStage[];
  /** What nobody has told; empty when every stage is there. */
  readonly unknown: string;
};

/** From this microphone to the other's ears. Undefined before anything was sent. */
export function outgoingPath(
  { delays, localStreams }: EngineStatistics,
  peer: PeerStatistics,
): LatencyPath | undefined {
  const [local] = localStreams;
  const outgoing = peer.link?.outgoing.find(({ ssrc }) => ssrc === local?.ssrc);
  if (local === undefined || outgoing === undefined || local.framesSent === 0) {
    return undefined;
  }
  return {
    unknown: peer.delays === undefined ? "decoding and output on their side" : "",
    stages: [
      ...sending(delays),
      { name: "network", ms: networkMs(peer).outgoing },
      { name: "jitter buffer", ms: outgoing.remote.playoutDelayMs },
      ...(peer.delays === undefined ? [] : playing(peer.delays)),
    ],
  };
}

/** From the other's microphone to these ears. Undefined before anything was received. */
export function incomingPath({ delays }: EngineStatistics, peer: PeerStatistics): LatencyPath | undefined {
  const stream = peer.streams.find(({ packetsReceived }) => packetsReceived > 0);
  if (stream === undefined) {
    return undefined;
  }
  return {
    unknown: peer.delays === undefined ? "microphone, processing and encoding on their side" : "",
    stages: [
      ...(peer.delays === undefined ? [] : sending(peer.delays)),
      { name: "network", ms: networkMs(peer).incoming },
      { name: "jitter buffer", ms: stream.currentDelayMs },
      ...playing(delays),
    ],
  };
}

/** Sum of a path, ms. */
export function totalMs({ stages }: LatencyPath): number {
  return stages.reduce((sum, { ms }) => sum + ms, 0);
}

function sending({ captureMs, processingMs, encodeMs }: MemberDelays): readonly LatencyStage[] {
  return [
    { name: "capture", ms: captureMs },
    { name: "processing", ms: processingMs },
    { name: "encode", ms: encodeMs },
  ];
}

function playing({ decodeMs, outputMs }: MemberDelays): readonly LatencyStage[] {
  return [
    { name: "decode", ms: decodeMs },
    { name: "output", ms: outputMs },
  ];
}

/** Both ways through the network: by compared clocks where there was an exchange, else half the round trip each. */
function networkMs({ streams, link, roundTripTimeMs = 0 }: PeerStatistics): {
  readonly outgoing: number;
  readonly incoming: number;
} {
  const heard = streams.find(({ packetsReceived }) => packetsReceived > 0)?.ssrc;
  const incoming = link?.incoming.find(({ ssrc }) => ssrc === heard)?.oneWayMs;
  if (incoming === undefined) {
    return { outgoing: roundTripTimeMs / 2, incoming: roundTripTimeMs / 2 };
  }
  return { outgoing: Math.max(0, roundTripTimeMs - incoming), incoming };
}
