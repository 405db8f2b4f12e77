import type { CodecModule } from "../src/engine/codec/codec-module.ts";
import { OpusEncoder } from "../src/engine/codec/opus-encoder.ts";
import type { OpusEncoderSettings } from "../src/engine/codec/opus-encoder-settings.ts";

/** How a recording becomes packets. */
export type EncodingOptions = {
  /** Samples at 48 kHz: 120, 240, 480, 960, 1920 or 2880. */
  readonly frameSamples: number;
  readonly settings?: Partial<OpusEncoderSettings>;
};

/** The encoder of the published reference: Opus 32 kbit/s VOIP, complexity 9, in-band FEC with 10 % expected loss. */
export const REFERENCE_ENCODER: Partial<OpusEncoderSettings> = {
  bitrate: 32_000,
  complexity: 9,
  application: "voip",
  rateControl: "vbr",
  fec: true,
  expectedLossPercent: 10,
  dtx: false,
};

/** Encodes mono audio at 48 kHz, from its beginning again when it is too short, to `count` Opus payloads. */
export function encodeLooped(
  codec: CodecModule,
  signal: Float32Array,
  count: number,
  { frameSamples, settings = REFERENCE_ENCODER }: EncodingOptions,
): readonly Uint8Array[] {
  const encoder = new OpusEncoder(codec, { channels: 1, application: settings.application ?? "voip" });
  encoder.configure(settings);
  const payloads: Uint8Array[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < frameSamples; k++) {
      encoder.input[k] = signal[at] ?? 0;
      at = at + 1 === signal.length ? 0 : at + 1;
    }
    const length = encoder.encode(frameSamples);
    if (length < 0) throw new RangeError(`Cannot encode frame ${i}: Opus error ${length}`);
    payloads.push(encoder.output.slice(0, length));
  }
  encoder.close();
  return payloads;
}
