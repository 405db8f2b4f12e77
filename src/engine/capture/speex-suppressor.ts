import type { CodecModule } from "../codec/codec-module.ts";
import { SPEEX_DENOISER_FRAME, SpeexDenoiser } from "../codec/speex-denoiser.ts";
import type { Suppressor } from "./suppressor.ts";

/** The speexdsp preprocessor in core.wasm: the cheapest engine, for steady noise. */
export class SpeexSuppressor implements Suppressor {
  readonly frameSamples = SPEEX_DENOISER_FRAME;
  /** One block of overlap-add. */
  readonly delaySamples = SPEEX_DENOISER_FRAME;
  readonly limitsReduction = true;
  /** Speex's speech probability is not trained: it is not reported. */
  readonly voiceProbability = -1;
  readonly #denoiser: SpeexDenoiser;

  /** @throws CodecError when the module's memory is full. */
  constructor(codec: CodecModule) {
    this.#denoiser = new SpeexDenoiser(codec);
  }

  /** See {@link Suppressor.process}. */
  process(input: Float32Array, output: Float32Array): void {
    const { block } = this.#denoiser;
    block.set(input);
    this.#denoiser.process();
    output.set(block);
  }

  /** See {@link Suppressor.setMaxReduction}. */
  setMaxReduction(decibels: number): void {
    this.#denoiser.setMaxReduction(Math.round(-decibels));
  }

  /** See {@link Suppressor.reset}. */
  reset(): void {
    this.#denoiser.reset();
  }

  /** See {@link Suppressor.close}. */
  close(): void {
    this.#denoiser.close();
  }
}
