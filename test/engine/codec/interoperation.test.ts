import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeWav } from "../../../bench/wav.ts";
import { CodecModule } from "../../../src/engine/codec/codec-module.ts";
import { OpusDecoder } from "../../../src/engine/codec/opus-decoder.ts";
import { OpusEncoder } from "../../../src/engine/codec/opus-encoder.ts";
import { opusPacketSamples } from "../../../src/engine/codec/packet-inspection.ts";
import { createSpeechLikeSignal } from "../../../src/engine/measurement/speech-like-signal.ts";
import { readOggOpus } from "../../../src/engine/recording/ogg-opus-reader.ts";
import { OggOpusWriter } from "../../../src/engine/recording/ogg-opus-writer.ts";
import { coreModule } from "../../support/core-module.ts";
import { normalizedCorrelation } from "../../support/normalized-correlation.ts";

const SECONDS = 2;
const speech = Float32Array.from(createSpeechLikeSignal({ sampleRate: 48_000, seconds: SECONDS, pauseShare: 0 }));
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "antiphon-interoperation-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Our packets of the speech, in an Ogg file. */
async function writeOgg(path: string, frame: number): Promise<void> {
  const encoder = new OpusEncoder(CodecModule.instantiate(coreModule()), { channels: 1, application: "audio" });
  encoder.configure({ bitrate: 96_000, complexity: 9 });
  const pages: Uint8Array[] = [];
  const head = { channels: 1, preSkip: encoder.lookahead, inputRate: 48_000 } as const;
  const writer = await OggOpusWriter.open({ head, pageSeconds: 0.2, onPage: (page) => pages.push(page) });
  const padded = new Float32Array(speech.length + 4 * frame);
  padded.set(speech);
  for (let at = 0; at < speech.length + encoder.lookahead; at += frame) {
    encoder.input.set(padded.subarray(at, at + frame));
    await writer.add(encoder.output.slice(0, encoder.encode(frame)), frame);
  }
  await writer.finish(speech.length);
  writeFileSync(path, Buffer.concat(pages));
}

const readFloats = (path: string): Float32Array => {
  const bytes = readFileSync(path);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};

const whole = { start: 4_800, length: speech.length - 9_600, lag: 0 };

describe("Opus packets", () => {
  for (const frameMs of [2.5, 5, 10, 20, 40, 60]) {
    it(`of ours in frames of ${frameMs} ms are decoded by opusdec and ffmpeg to the speech they hold`, async () => {
      const file = join(folder, `ours-${frameMs}.opus`);
      await writeOgg(file, frameMs * 48);
      const raw = join(folder, `ours-${frameMs}.f32`);
      execFileSync("opusdec", ["--quiet", "--float", "--rate", "48000", file, `${raw}.wav`]);
      execFileSync("ffmpeg", ["-v", "error", "-y", "-i", `${raw}.wav`, "-f", "f32le", "-ac", "1", raw]);
      const byOpusdec = readFloats(raw);
      expect(Math.abs(byOpusdec.length - speech.length)).toBeLessThanOrEqual(1);
      expect(normalizedCorrelation(speech, byOpusdec, whole)).toBeGreaterThan(0.97);
      execFileSync("ffmpeg", ["-v", "error", "-y", "-i", file, "-f", "f32le", "-ac", "1", "-ar", "48000", raw]);
      expect(normalizedCorrelation(speech, readFloats(raw), whole)).toBeGreaterThan(0.97);
    });
  }

  for (const [frameMs, channels] of [
    ["2.5", 1],
    ["20", 2],
    ["60", 1],
  ] as const) {
    it(`of opusenc in frames of ${frameMs} ms with ${channels} channels are decoded by ours`, async () => {
      const wav = join(folder, `theirs-${frameMs}.wav`);
      const right = speech.map((sample) => -0.5 * sample);
      writeFileSync(wav, encodeWav({ sampleRate: 48_000, channels: channels === 1 ? [speech] : [speech, right] }));
      const file = join(folder, `theirs-${frameMs}.opus`);
      execFileSync("opusenc", ["--quiet", "--bitrate", "96", "--framesize", frameMs, wav, file]);
      const { head, packets, totalSamples } = await readOggOpus(new Uint8Array(readFileSync(file)));
      expect(totalSamples).toBe(speech.length);
      const decoder = new OpusDecoder(CodecModule.instantiate(coreModule()), { channels });
      const output = new Float32Array(totalSamples + head.preSkip + 5_760);
      let written = 0;
      for (const packet of packets) {
        const samples = decoder.decode(packet, 0, packet.length);
        expect(samples).toBe(opusPacketSamples(packet, 0, packet.length));
        for (let n = 0; n < samples; n++) output[written + n] = decoder.output[n * channels] ?? 0;
        written += samples;
      }
      expect(normalizedCorrelation(speech, output, { ...whole, lag: head.preSkip })).toBeGreaterThan(0.97);
    });
  }

  it("of 120 ms, two frames of 60 ms in one, are decoded in one piece", () => {
    const codec = CodecModule.instantiate(coreModule());
    const encoder = new OpusEncoder(codec, { channels: 1, application: "voip" });
    encoder.configure({ bitrate: 20_000, bandwidth: "wide" });
    const spoken = speech.subarray(48_000);
    const frames = [0, 1].map((index) => {
      encoder.input.set(spoken.subarray(index * 2_880, (index + 1) * 2_880));
      return encoder.output.slice(0, encoder.encode(2_880));
    });
    const [first = new Uint8Array(1), second = new Uint8Array(1)] = frames;
    expect([first, second].map((frame) => (frame[0] ?? 3) & 3)).toEqual([0, 0]);
    expect(first.length).toBeLessThan(252);
    // Frame count code 2: two frames, the first one's length in front (RFC 6716 §3.2.4).
    const packet = Uint8Array.of(
      ((first[0] ?? 0) & 0xfc) | 2,
      first.length - 1,
      ...first.subarray(1),
      ...second.subarray(1),
    );
    const decoder = new OpusDecoder(codec, { channels: 1 });
    expect(opusPacketSamples(packet, 0, packet.length)).toBe(5_760);
    expect(decoder.decode(packet, 0, packet.length)).toBe(5_760);
    const whole120 = decoder.output.slice(0, 5_760);
    const apart = new OpusDecoder(codec, { channels: 1 });
    for (const [index, frame] of [first, second].entries()) {
      expect(apart.decode(frame, 0, frame.length)).toBe(2_880);
      const difference = apart.output
        .slice(0, 2_880)
        .map((sample, n) => Math.abs(sample - (whole120[index * 2_880 + n] ?? 0)));
      expect(Math.max(...difference)).toBeLessThan(1e-4);
    }
  });
});
