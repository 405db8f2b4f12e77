import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LoudnessMeter } from "../../../src/engine/capture/loudness-meter.ts";
import { CodecModule } from "../../../src/engine/codec/codec-module.ts";
import { createSpeechLikeSignal } from "../../../src/engine/measurement/speech-like-signal.ts";
import { EncodingRehearsal } from "../../../src/engine/recording/encoding-rehearsal.ts";
import { readOggOpus } from "../../../src/engine/recording/ogg-opus-reader.ts";
import { OggOpusSink } from "../../../src/engine/recording/ogg-opus-sink.ts";
import { polishRecording } from "../../../src/engine/recording/polish-recording.ts";
import { MemoryRecordingFile } from "../../../src/engine/recording/recording-file.ts";
import { OpusSource, PcmSource } from "../../../src/engine/recording/sample-source.ts";
import { DEFAULT_TRIM } from "../../../src/engine/recording/trim-silence.ts";
import { WavSink } from "../../../src/engine/recording/wav-sink.ts";
import { coreModule } from "../../support/core-module.ts";

const TARGET_LUFS = -16;
const hasFfmpeg = spawnSync("ffmpeg", ["-version"]).error === undefined;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "antiphon-polish-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("polishing a recording", () => {
  it.each([
    ["quiet", 0.02, 120],
    ["loud", 1.4, 200],
    ["at a fair level", 0.2, 90],
  ])("brings %s speech to −16 LUFS without a peak over −1 dBTP", async (_name, gain, pitchHz) => {
    const speech = talk({ gain, pitchHz, seconds: 12 });
    const file = new MemoryRecordingFile();
    const sink = new WavSink({ channels: 1, file });
    const report = await polishRecording(new PcmSource(speech), sink, { targetLufs: TARGET_LUFS });
    const { samples } = await sink.finish();
    expect(samples).toBe(speech.length);
    expect(report.samples).toBe(speech.length);
    expect(Math.abs(report.outputLufs - TARGET_LUFS)).toBeLessThan(0.5);
    if (!hasFfmpeg) return;
    const measured = measure(file, "wav");
    expect(Math.abs(measured.lufs - TARGET_LUFS)).toBeLessThan(0.5);
    expect(measured.peakDb).toBeLessThanOrEqual(-1);
  });

  it("does the same to stereo, and leaves the recording it reads as it was", async () => {
    const left = talk({ gain: 0.1, pitchHz: 110, seconds: 8 });
    const right = talk({ gain: 0.05, pitchHz: 180, seconds: 8 });
    const before = [left.slice(), right.slice()];
    const file = new MemoryRecordingFile();
    const sink = new WavSink({ channels: 2, file });
    await polishRecording(new PcmSource(left, right), sink, { trim: DEFAULT_TRIM, targetLufs: TARGET_LUFS });
    await sink.finish();
    expect([left, right]).toEqual(before);
    if (!hasFfmpeg) return;
    const measured = measure(file, "wav");
    expect(Math.abs(measured.lufs - TARGET_LUFS)).toBeLessThan(0.5);
    expect(measured.peakDb).toBeLessThanOrEqual(-1);
  });

  it("is not kept quiet by one bump against the microphone", async () => {
    const speech = talk({ gain: 0.08, pitchHz: 120, seconds: 10 });
    for (let index = 0; index < 240; index += 1) speech[48_000 + index] = 0.8 * Math.sin(index * 0.2);
    const sink = new WavSink({ channels: 1, file: new MemoryRecordingFile() });
    const report = await polishRecording(new PcmSource(speech), sink, { targetLufs: TARGET_LUFS });
    await sink.finish();
    expect(Math.abs(report.outputLufs - TARGET_LUFS)).toBeLessThan(0.5);
  });

  it("ends with exactly the samples it kept, through Opus, and at the same loudness", async () => {
    const codec = CodecModule.instantiate(coreModule());
    const speech = talk({ gain: 0.05, pitchHz: 120, seconds: 9 });
    const silent = new Float32Array(speech.length + 200_003);
    silent.set(speech, 150_001);
    const first = new MemoryRecordingFile();
    const original = new OggOpusSink({ codec, channels: 1, file: first });
    original.write(silent, silent, 0, silent.length);
    await original.finish();
    const source = new OpusSource(codec, await readOggOpus(first.contents()));
    const file = new MemoryRecordingFile();
    const sink = new OggOpusSink({ codec, channels: 1, file });
    const progress: number[] = [];
    const settings = { trim: DEFAULT_TRIM, targetLufs: TARGET_LUFS };
    const report = await polishRecording(source, sink, settings, {
      onProgress: (fraction) => progress.push(fraction),
    });
    const { samples } = await sink.finish();
    expect(report.removedSamples).toBe(silent.length - report.samples);
    expect(report.removedSamples).toBeGreaterThan(150_000);
    expect(samples).toBe(report.samples);
    expect((await readOggOpus(file.contents())).totalSamples).toBe(report.samples);
    expect(progress.at(-1)).toBe(1);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    if (!hasFfmpeg) return;
    expect(Math.abs(measure(file, "opus").lufs - TARGET_LUFS)).toBeLessThan(0.5);
  });

  it.each([1, 2, 3])(
    "makes up for the loudness that the codec takes: talker %i, clipped at the microphone",
    async (seed) => {
      const speech = createSpeechLikeSignal({ sampleRate: 48_000, seconds: 6, seed, pitchHz: 80 + 25 * seed });
      const clipped = speech.map((sample) => Math.max(-0.1, Math.min(0.1, sample)));
      const { file, codec } = await polishThroughOpus(clipped, 16_000);
      expect(Math.abs((await heardOf(file, codec)).lufs - TARGET_LUFS)).toBeLessThan(0.5);
      if (!hasFfmpeg) return;
      const measured = measure(file, "opus");
      expect(Math.abs(measured.lufs - TARGET_LUFS)).toBeLessThan(0.5);
      expect(measured.peakDb).toBeLessThanOrEqual(-1);
    },
  );

  it.each([1, 2, 3])(
    "keeps under −1 dBTP what the codec would bring over full scale: talker %i, with knocks",
    async (seed) => {
      const speech = createSpeechLikeSignal({ sampleRate: 48_000, seconds: 6, seed, pitchHz: 80 + 25 * seed });
      const knocked = speech.map((sample, n) => (n % 24_000 < 480 ? (n % 37 < 18 ? 0.6 : -0.6) : 0.2 * sample));
      const { file, codec } = await polishThroughOpus(knocked, 40_000);
      expect((await heardOf(file, codec)).peakDb).toBeLessThan(-1);
      if (hasFfmpeg) expect(measure(file, "opus").peakDb).toBeLessThanOrEqual(-1);
    },
  );

  it("leaves silence alone", async () => {
    const sink = new WavSink({ channels: 1, file: new MemoryRecordingFile() });
    const silence = new PcmSource(new Float32Array(96_000));
    const report = await polishRecording(silence, sink, { trim: DEFAULT_TRIM, targetLufs: TARGET_LUFS });
    expect(report).toMatchObject({ samples: 96_000, gainDb: 0 });
    expect((await sink.finish()).samples).toBe(96_000);
  });
});

/** Normalises speech into an Opus file as a polishing job does. */
async function polishThroughOpus(
  speech: Float32Array,
  bitrate: number,
): Promise<{ readonly file: MemoryRecordingFile; readonly codec: CodecModule }> {
  const codec = CodecModule.instantiate(coreModule());
  const file = new MemoryRecordingFile();
  const settings = { bitrate };
  const sink = new OggOpusSink({ codec, channels: 1, file, settings });
  const rehearse = (): EncodingRehearsal => new EncodingRehearsal({ codec, channels: 1, settings });
  await polishRecording(new PcmSource(speech), sink, { targetLufs: TARGET_LUFS }, { rehearse });
  expect((await sink.finish()).samples).toBe(speech.length);
  return { file, codec };
}

/** Loudness and sample peak of what a file decodes to. */
async function heardOf(
  file: MemoryRecordingFile,
  codec: CodecModule,
): Promise<{ readonly lufs: number; readonly peakDb: number }> {
  const meter = new LoudnessMeter();
  let peak = 0;
  for (const { left, right, frames } of new OpusSource(codec, await readOggOpus(file.contents())).chunks()) {
    meter.process(left, right, 0, frames);
    for (let n = 0; n < frames; n += 1) peak = Math.max(peak, Math.abs(left[n] ?? 0));
  }
  return { lufs: meter.integratedLufs, peakDb: 20 * Math.log10(peak) };
}

function talk(options: { readonly gain: number; readonly pitchHz: number; readonly seconds: number }): Float32Array {
  const { gain, pitchHz, seconds } = options;
  return createSpeechLikeSignal({ sampleRate: 48_000, seconds, seed: 5, pitchHz }).map((sample) => sample * gain);
}

/** Integrated loudness and true peak by ffmpeg's ebur128. */
function measure(file: MemoryRecordingFile, extension: string): { readonly lufs: number; readonly peakDb: number } {
  const path = join(folder, `measured.${extension}`);
  writeFileSync(path, file.contents());
  const args = ["-hide_banner", "-nostats", "-i", path, "-af", "ebur128=peak=true", "-f", "null", "-"];
  const { stderr } = spawnSync("ffmpeg", args, { encoding: "utf8" });
  const summary = stderr.slice(stderr.lastIndexOf("Summary:"));
  const number = (pattern: RegExp): number => Number(pattern.exec(summary)?.[1] ?? Number.NaN);
  return { lufs: number(/I:\s+(-?[\d.]+) LUFS/), peakDb: number(/Peak:\s+(-?[\d.]+) dBFS/) };
}
