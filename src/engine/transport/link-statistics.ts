import type { EncoderTarget } from "../congestion/encoder-target.ts";
import type { LinkTarget } from "../congestion/link-controller.ts";
import type { Milliseconds } from "../media/units.ts";
import type { DropReason } from "../packet/rtp-packet.ts";
import type { GateCounters } from "./stream-sender.ts";

/** Why a datagram from a peer goes no further. */
export type DatagramDropReason =
  | DropReason
  | "rate-limited"
  | "unknown-ssrc"
  | "duplicate"
  | "bad-feedback"
  | "pipe-full";

/** One local stream on one link. */
export interface OutgoingStreamStatistics {
  readonly ssrc: number;
  readonly packetsSent: number;
  /** Datagram bytes, without what lower layers add. */
  readonly bytesSent: number;
  readonly redundantBytesSent: number;
  /** Frames kept back by the send gate, by reason. */
  readonly gateDrops: Readonly<GateCounters>;
  /** Share of packets the network lost, smoothed, 0…1; own drops excluded. */
  readonly fractionLost: number;
  /** Mean length of loss bursts, packets; 1 without loss. */
  readonly meanBurstLength: number;
  /** Rate the path is believed to carry, bit/s with all overhead. */
  readonly pathRate: number;
  /** Round-trip time, ms; undefined before the first report. */
  readonly roundTripTimeMs: number | undefined;
  /** Standing queue on the path, ms. */
  readonly queueDelayMs: number;
  /** What this link needs, with the reason for every value. */
  readonly target: LinkTarget;
  /** What the encoder was asked for, over all links. */
  readonly encoder: EncoderTarget;
  /** The peer's playout of this stream: mean delay, target delay, total concealed, ms. */
  readonly remote: { readonly playoutDelayMs: number; readonly playoutTargetMs: number; readonly concealedMs: number };
}

/** One remote stream of one link. */
export interface IncomingStreamStatistics {
  readonly ssrc: number;
  readonly packetsReceived: number;
  readonly bytesReceived: number;
  readonly packetsLost: number;
  readonly duplicates: number;
  readonly jitterMs: number;
  /**
   * Mean time that packets are under way, ms, by clocks that both sides have compared; good to half of what the two directions differ
   * in. Undefined before the peer has reported on a stream of ours.
   */
  readonly oneWayMs: number | undefined;
}

/** One peer's link. */
export interface LinkStatistics {
  readonly linkId: number;
  /** Bytes before which the next datagram would have to wait. */
  readonly bufferedAmount: number;
  /** Data channels that voice is spread over, each on a connection of its own. */
  readonly channels: number;
  /** Time since the peer was last heard: voice, or a report on ours; ms. Undefined before the first. */
  readonly silenceMs: Milliseconds | undefined;
  readonly outgoing: readonly OutgoingStreamStatistics[];
  readonly incoming: readonly IncomingStreamStatistics[];
  /** Datagrams from this peer that went no further, by reason; reasons that never occurred are absent. */
  readonly drops: Readonly<Partial<Record<DatagramDropReason, number>>>;
}
