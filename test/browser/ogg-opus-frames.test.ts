import { expect } from "chai";
import { CodecModule } from "../../src/engine/codec/codec-module.ts";
import { defaultAssets } from "../../src/engine/default-assets.ts";
import { createSpeechLikeSignal } from "../../src/engine/measurement/speech-like-signal.ts";
import { OggOpusWriter } from "../../src/engine/recording/ogg-opus-writer.ts";
import { FRAME_DURATIONS } from "../../src/engine/settings/encoder-settings.ts";
import { encodeFrames } from "../support/encode-frames.ts";

const SAMPLES = 48_000 + 1_237;

describe("an Ogg Opus file in the browser", () => {
  for (const frame of FRAME_DURATIONS) {
    it(`of ${frame} ms frames is decoded to exactly its length, and to what was said`, async () => {
      const core = await WebAssembly.compileStreaming(fetch(defaultAssets.core));
      const speech = createSpeechLikeSignal({ sampleRate: 48_000, seconds: 2, seed: 8 }).slice(0, SAMPLES);
      const options = { frame: frame * 48, bitrate: 32_000 };
      const { head, packets } = encodeFrames(CodecModule.instantiate(core), speech, options);
      const pages: Uint8Array<ArrayBuffer>[] = [];
      const writer = await OggOpusWriter.open({ head, onPage: (page) => pages.push(page.slice()) });
      for (const packet of packets) await writer.add(packet, options.frame);
      await writer.finish(SAMPLES);
      const context = new OfflineAudioContext({ numberOfChannels: 1, length: 1, sampleRate: 48_000 });
      const decoded = await context.decodeAudioData(await new Blob(pages).arrayBuffer());
      expect(decoded.length).to.equal(SAMPLES);
      expect(correlation(speech, decoded.getChannelData(0))).to.be.greaterThan(0.9);
    });
  }
});

function correlation(a: Float32Array, b: Float32Array): number {
  let product = 0;
  let energyA = 0;
  let energyB = 0;
  for (let index = 0; index < a.length; index += 1) {
    const x = a[index] ?? 0;
    const y = b[index] ?? 0;
    product += x * y;
    energyA += x * x;
    energyB += y * y;
  }
  return product / Math.sqrt(energyA * energyB);
}
