import { CaptureChain } from "../capture/capture-chain.ts";
import type { FrameSink, PcmSink } from "../capture/frame-sink.ts";
import type { CodecModule } from "../codec/codec-module.ts";
import type { CaptureSettings } from "../settings/capture-settings.ts";
import { ENCODER_PRESETS } from "../settings/encoder-presets.ts";

/** Takes processed samples; the arrays are reused. Mono: the same twice. */
export type ProcessedReceiver = (left: Float32Array, right: Float32Array, frames: number) => void;

/** What a {@link VoiceProcessing} is made of. */
export type VoiceProcessingOptions = {
  readonly codec: CodecModule;
  readonly rnnoise: WebAssembly.Module | undefined;
  readonly gtcrn: WebAssembly.Module | undefined;
  readonly settings: CaptureSettings;
  readonly channels: 1 | 2;
  readonly receive: ProcessedReceiver;
};

const FRAME = 480;
/** The chain's encoder runs for nothing here: its output is dropped, so it works as little as it can. */
const IDLE_ENCODER = {
  ...ENCODER_PRESETS.balanced,
  preset: "custom",
  frameDuration: 10,
  complexity: 0,
  fec: false,
  dtx: false,
} as const;
const NOWHERE: FrameSink = {
  frame: () => undefined,
};

/**
 * The capture chain of a call as the processing of a recording: suppression, leveler and limiter as the settings say, without
 * the gate, so mute and talk key of the call do not silence a note. As many samples come out as went in, in step with them
 * but for {@link latencySamples}. Worker thread or Node.
 */
export class VoiceProcessing implements PcmSink {
  readonly #chain: CaptureChain;
  readonly #left = new Float32Array(FRAME);
  readonly #right: Float32Array;
  readonly #receive: ProcessedReceiver;

  /** @throws {CodecError} when the module's memory is full */
  constructor({ codec, rnnoise, gtcrn, settings, channels, receive }: VoiceProcessingOptions) {
    this.#receive = receive;
    this.#right = channels === 1 ? this.#left : new Float32Array(FRAME);
    this.#chain = new CaptureChain({
      codec,
      rnnoise,
      gtcrn,
      settings: { ...settings, activation: { ...settings.activation, mode: "open" } },
      encoder: { ...IDLE_ENCODER, stereo: channels === 2 },
      onFrame: NOWHERE,
    });
    this.#chain.pcmSink = this;
  }

  /** Samples by which what comes out is later than what went in. */
  get latencySamples(): number {
    return this.#chain.latencySamples;
  }

  /** Takes `frames` (1…480) samples from `offset`. */
  process(left: Float32Array, right: Float32Array, offset: number, frames: number): void {
    this.#chain.process(left, right, offset, frames);
  }

  /** The chain hands its frames over here. */
  pcm(interleaved: Float32Array, frameSamples: number, channels: number): void {
    for (let index = 0; index < frameSamples; index += 1) {
      this.#left[index] = interleaved[index * channels] ?? 0;
      if (this.#right !== this.#left) this.#right[index] = interleaved[index * channels + 1] ?? 0;
    }
    this.#receive(this.#left, this.#right, frameSamples);
  }

  /** Frees the chain. Idempotent. */
  close(): void {
    this.#chain.close();
  }
}
