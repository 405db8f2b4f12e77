import type { DecisionLogEntry, EncoderPreferences } from "../congestion/encoder-target.ts";
import type { ImpairmentProfile } from "../measurement/impairment.ts";
import type { NetworkPins } from "../settings/network-settings.ts";
import type { PacketPipeEnd } from "../shared-memory/packet-pipe.ts";
import type { TelemetryReaderEnd } from "../shared-memory/telemetry-block.ts";
import type { LinkStatistics } from "../transport/link-statistics.ts";
import type { EchoPathCounters } from "./echo-channel.ts";

/** One datagram as it arrived, for traces: numbers only, no audio. */
export type TraceEntry = {
  readonly sequenceNumber: number;
  /** RTP timestamp, 48 kHz. */
  readonly timestamp: number;
  /** performance.timeOrigin + performance.now() of the network thread, ms. */
  readonly arrivalMs: number;
  /** Bytes of the datagram. */
  readonly length: number;
  /** The datagram itself, where payloads are traced. */
  readonly datagram?: Uint8Array;
};

/** What is noted of the datagrams of a stream: nothing, their headers and arrivals, or the datagrams as well. */
export type TraceDepth = "off" | "headers" | "payloads";

/** What the network of one echo link did to voice. */
export type EchoStatistics = EchoPathCounters & { readonly linkId: number };

/** Between two `statistics` messages, ms. */
export const STATISTICS_INTERVAL_MS = 500;

/** What the main thread tells the network thread. `start` comes first and once. */
export type ToNetworkThread =
  | { readonly type: "start"; readonly pins: NetworkPins; readonly seed: number }
  /** Numbers of the playback node in use, for the reports to senders. */
  | { readonly type: "playback-telemetry"; readonly telemetry: TelemetryReaderEnd }
  | { readonly type: "add-link"; readonly linkId: number; readonly channel: RTCDataChannel; readonly before?: number }
  /** A link whose far end is this engine: every datagram comes back as the profile's network would deliver it. */
  | {
      readonly type: "add-echo-link";
      readonly linkId: number;
      readonly profile: ImpairmentProfile;
      readonly seed: number;
    }
  | { readonly type: "set-echo-profile"; readonly linkId: number; readonly profile: ImpairmentProfile }
  | { readonly type: "remove-link"; readonly linkId: number }
  /** One more channel to the peer of a link, on a connection of its own. */
  | {
      readonly type: "add-channel";
      readonly linkId: number;
      readonly channelId: number;
      readonly channel: RTCDataChannel;
    }
  | { readonly type: "remove-channel"; readonly linkId: number; readonly channelId: number }
  | {
      readonly type: "add-local-stream";
      readonly ssrc: number;
      readonly preferences: EncoderPreferences;
      /** Frames of the capture node, see frame-record.ts. */
      readonly frames: PacketPipeEnd;
      /** To the capture node: `EncoderTargetMessage`. */
      readonly targets: MessagePort;
    }
  | { readonly type: "set-preferences"; readonly ssrc: number; readonly preferences: EncoderPreferences }
  | { readonly type: "remove-local-stream"; readonly ssrc: number }
  | {
      readonly type: "add-remote-stream";
      readonly linkId: number;
      readonly ssrc: number;
      /** Slot of the playback node that plays it. */
      readonly slot: number;
      /** To the playback node, see datagram-record.ts. */
      readonly datagrams: PacketPipeEnd;
    }
  | { readonly type: "remove-remote-stream"; readonly linkId: number; readonly ssrc: number }
  | { readonly type: "set-pins"; readonly pins: NetworkPins }
  /** Pins of one local stream instead of those for all, or null for those for all. */
  | { readonly type: "set-stream-pins"; readonly ssrc: number; readonly pins: NetworkPins | null }
  | { readonly type: "set-neural"; readonly hasNeural: boolean }
  /** Until it is off, every datagram of the remote stream is told in `trace` messages. */
  | { readonly type: "trace"; readonly linkId: number; readonly ssrc: number; readonly depth: TraceDepth }
  | { readonly type: "close" };

/** What the network thread tells the main thread. */
export type FromNetworkThread =
  | { readonly type: "started" }
  | { readonly type: "link-open"; readonly linkId: number }
  | { readonly type: "link-closed"; readonly linkId: number }
  /** A channel of `add-channel` ended at the other side, or with its connection; it is not used any more. */
  | { readonly type: "channel-closed"; readonly linkId: number; readonly channelId: number }
  /** Twice a second while there are links. */
  | {
      readonly type: "statistics";
      readonly links: readonly LinkStatistics[];
      readonly echoes: readonly EchoStatistics[];
    }
  | { readonly type: "decision"; readonly entry: DecisionLogEntry }
  | { readonly type: "trace"; readonly linkId: number; readonly ssrc: number; readonly entries: readonly TraceEntry[] };
