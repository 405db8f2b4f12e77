import { CodecModule } from "./codec-module.ts";
import { OpusDecoder } from "./opus-decoder.ts";
import { OpusEncoder } from "./opus-encoder.ts";

const FRAME = 960;
/** Frames per setting: the network's own delay is a few, and the classic parts change between them. */
const FRAMES = 4;
const RECOVERED_FRAMES = 20;

/**
 * Uses every part of a codec module, a few milliseconds between two steps. Browsers compile a function of WebAssembly when it is first
 * called, for all threads at once: what is called here first does not hold up an audio thread later. Any thread but those.
 *
 * @throws CodecError when the module is not one of ours
 */
export function* warmUpCodec(module: WebAssembly.Module): Generator<undefined, void, undefined> {
  const codec = CodecModule.instantiate(module);
  const encoder = new OpusEncoder(codec, { channels: 1 });
  const decoder = new OpusDecoder(codec, { channels: 1 });
  let length = 0;
  try {
    yield;
    for (const dredDuration of codec.hasNeural ? [0, RECOVERED_FRAMES] : [0]) {
      encoder.configure({ bitrate: 32_000, complexity: 9, fec: true, expectedLossPercent: 10, dredDuration });
      for (let frame = 0; frame < FRAMES; frame++) {
        hum(encoder.input, frame * FRAME);
        length = encoder.encode(FRAME);
        yield;
        decoder.decode(encoder.output, 0, length);
        decoder.parseDred(encoder.output, 0, length, RECOVERED_FRAMES * FRAME);
        yield;
      }
    }
    decoder.setComplexity(codec.hasNeural ? 5 : 0);
    decoder.conceal(FRAME);
    yield;
    decoder.decodeDred(FRAME, FRAME);
    decoder.decodeFec(encoder.output, 0, length, FRAME);
  } finally {
    encoder.close();
    decoder.close();
  }
}

/** Something voiced: silence would leave out most of the encoder. */
function hum(into: Float32Array, from: number): void {
  for (let i = 0; i < FRAME; i++) {
    const phase = (2 * Math.PI * 140 * (from + i)) / 48_000;
    into[i] = 0.2 * Math.sin(phase) + 0.1 * Math.sin(2 * phase) + 0.05 * Math.sin(5 * phase);
  }
}
