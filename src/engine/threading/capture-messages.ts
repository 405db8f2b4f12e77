import type { CaptureSettings, LoadableSuppressor } from "../settings/capture-settings.ts";
import type { EncoderSettings } from "../settings/encoder-settings.ts";
import type { InputChannels } from "../settings/input-settings.ts";
import type { PacketPipeEnd } from "../shared-memory/packet-pipe.ts";
import type { TelemetryWriterEnd } from "../shared-memory/telemetry-block.ts";
import type { WasmSource } from "./wasm-source.ts";

/** Name under which capture.worklet.ts registers its processor. */
export const CAPTURE_PROCESSOR = "antiphon-capture";

/** Where in the capture chain a tap listens: at its 48 kHz input, or behind the limiter in front of the encoder. */
export type CaptureTapPoint = "input" | "output";

/** Settings of one capture node. */
export type CaptureNodeSettings = {
  readonly capture: CaptureSettings;
  readonly encoder: EncoderSettings;
  readonly channels: InputChannels;
};

/**
 * What the main thread tells a capture node: `load-core`, then `start`, once; audio flows from then on. The worklet answers
 * both, and `load-suppressor`, with a `WorkletReply`. A later `load-core` exchanges the codec while audio runs.
 */
export type ToCaptureWorklet =
  | { readonly type: "load-core"; readonly core: WasmSource }
  | { readonly type: "load-suppressor"; readonly kind: LoadableSuppressor; readonly module: WasmSource }
  | {
      readonly type: "start";
      readonly settings: CaptureNodeSettings;
      /** Encoded frames to the network thread, see frame-record.ts. */
      readonly frames: PacketPipeEnd;
      readonly telemetry: TelemetryWriterEnd;
      /** From the network thread: `EncoderTargetMessage`. */
      readonly targets: MessagePort;
      readonly isMuted: boolean;
      /** RTP timestamp of the first sample, random as RFC 3550 asks. */
      readonly firstTimestamp: number;
    }
  | { readonly type: "configure"; readonly settings: CaptureNodeSettings }
  | { readonly type: "mute"; readonly isMuted: boolean }
  | { readonly type: "talk-key"; readonly isDown: boolean }
  /** `blocks` carries 48 kHz audio to the vad worker, `probabilities` brings its verdicts, see vad-messages.ts. */
  | { readonly type: "attach-vad"; readonly blocks: PacketPipeEnd; readonly probabilities: MessagePort }
  | { readonly type: "detach-vad" }
  | {
      readonly type: "add-tap";
      readonly tapId: number;
      readonly point: CaptureTapPoint;
      readonly blocks: PacketPipeEnd;
    }
  | { readonly type: "remove-tap"; readonly tapId: number }
  | { readonly type: "monitor"; readonly isOn: boolean }
  | { readonly type: "close" };
