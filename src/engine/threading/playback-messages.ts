import type { MixOutput } from "../playout/mixer.ts";
import type { StreamMix } from "../playout/stream-mix.ts";
import type { JitterBufferSettings } from "../settings/playout-settings.ts";
import type { PacketPipeEnd } from "../shared-memory/packet-pipe.ts";
import type { TelemetryWriterEnd } from "../shared-memory/telemetry-block.ts";
import type { WasmSource } from "./wasm-source.ts";

/** Name under which playback.worklet.ts registers its processor. */
export const PLAYBACK_PROCESSOR = "antiphon-playback";

/**
 * What the main thread tells the playback node: `load-core`, then `start`, once. The worklet answers both with a
 * `WorkletReply`. A later `load-core` exchanges the codec of every stream while audio runs.
 */
export type ToPlaybackWorklet =
  | { readonly type: "load-core"; readonly core: WasmSource }
  | {
      readonly type: "start";
      readonly telemetry: TelemetryWriterEnd;
      readonly jitterBuffer: JitterBufferSettings;
      readonly output: MixOutput;
      /** Where the playout clock starts: 0, or where a failed node has stopped. */
      readonly firstPosition: number;
    }
  | {
      readonly type: "add-stream";
      /** 0…31, free. */
      readonly slot: number;
      readonly ssrc: number;
      readonly channels: 1 | 2;
      /** Datagrams from the network thread, see datagram-record.ts. */
      readonly datagrams: PacketPipeEnd;
      readonly mix: StreamMix;
    }
  | { readonly type: "remove-stream"; readonly slot: number }
  | { readonly type: "configure-stream"; readonly slot: number; readonly mix: StreamMix }
  | { readonly type: "configure-output"; readonly output: MixOutput }
  | { readonly type: "configure-jitter-buffer"; readonly jitterBuffer: JitterBufferSettings }
  /** Without `slot` the tap listens to the mix behind the limiter. */
  | {
      readonly type: "add-tap";
      readonly tapId: number;
      readonly slot: number | undefined;
      readonly blocks: PacketPipeEnd;
    }
  | { readonly type: "remove-tap"; readonly tapId: number }
  | { readonly type: "close" };
