import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CodecModule } from "../../../src/engine/codec/codec-module.ts";
import { readOggOpus } from "../../../src/engine/recording/ogg-opus-reader.ts";
import { OggOpusSink } from "../../../src/engine/recording/ogg-opus-sink.ts";
import { MemoryRecordingFile, type RecordingFile } from "../../../src/engine/recording/recording-file.ts";
import { TrackRecorder } from "../../../src/engine/recording/track-recorder.ts";
import { WavSink } from "../../../src/engine/recording/wav-sink.ts";
import { VoiceError } from "../../../src/engine/voice-error.ts";
import { coreModule } from "../../support/core-module.ts";

const BLOCK = 480;

describe("a recorded track", () => {
  it("puts every block where its position says, whatever is lost, late or repeated", async () => {
    const plan = fc.array(
      fc.record({ gap: fc.integer({ min: -700, max: 2_000 }), frames: fc.integer({ min: 1, max: BLOCK }) }),
      {
        minLength: 1,
        maxLength: 40,
      },
    );
    await fc.assert(
      fc.asyncProperty(plan, fc.nat(100_000), async (blocks, origin) => {
        const file = new MemoryRecordingFile();
        const track = new TrackRecorder(new WavSink({ channels: 1, file }), origin);
        const expected = new Map<number, number>();
        let position = origin;
        let length = 0;
        for (const { gap, frames } of blocks) {
          position = Math.max(0, position + gap);
          const samples = new Float32Array(frames).map((_, index) => ((position + index) % 1000) / 2048);
          track.write(position, samples, samples, frames);
          samples.forEach((value, index) => {
            const at = position + index - origin;
            if (at >= length) expected.set(at, value);
          });
          length = Math.max(length, position + frames - origin);
          position += frames;
        }
        const { samples, peaks } = await track.finish();
        expect(samples).toBe(Math.max(0, length));
        expect(peaks.length).toBe(Math.ceil(samples / 960));
        const pcm = new Int16Array(file.contents().slice(44).buffer);
        expect(pcm.length).toBe(samples);
        expect(pcm.findIndex((value, index) => value !== Math.round((expected.get(index) ?? 0) * 32_768))).toBe(-1);
      }),
    );
  });

  it("starts with silence for somebody who joins late and ends with the others", async () => {
    const early = oggTrack();
    const late = oggTrack();
    const tone = new Float32Array(BLOCK).map((_, index) => 0.3 * Math.sin(index * 0.13));
    for (let position = 0; position < 96_000; position += BLOCK) {
      early.track.write(position, tone, tone, BLOCK);
      if (position >= 48_000) late.track.write(position, tone, tone, BLOCK);
    }
    late.track.padTo(100_000);
    early.track.padTo(100_000);
    const summaries = await Promise.all([early.track.finish(), late.track.finish()]);
    expect(summaries.map(({ samples }) => samples)).toEqual([100_000, 100_000]);
    expect(late.track.filledSamples).toBe(48_000 + 4_000);
    expect((await readOggOpus(late.file.contents())).totalSamples).toBe(100_000);
    expect(summaries[1]?.peaks.slice(0, 49).every((peak) => peak === 0)).toBe(true);
    expect(summaries[1]?.peaks[60]).toBeGreaterThan(70);
  });

  it.each(["opus", "wav"] as const)(
    "of kind %s ends cleanly when storage is full and keeps what it has",
    async (kind) => {
      const file = new LimitedFile(kind === "opus" ? 30_000 : 1_000_000);
      const track = kind === "opus" ? oggTrack(file).track : new TrackRecorder(new WavSink({ channels: 1, file }), 0);
      const noise = new Float32Array(BLOCK).map((_, index) => 0.2 * Math.sin(index * index));
      for (let position = 0; position < 48_000 * 30; position += BLOCK) track.write(position, noise, noise, BLOCK);
      await expect(track.drain()).rejects.toMatchObject({ code: "storage-full" });
      const { samples, bytes } = await track.finish();
      expect(samples).toBeGreaterThan(48_000);
      expect(bytes).toBeLessThanOrEqual(file.limit);
      if (kind === "opus") expect((await readOggOpus(file.memory.contents())).totalSamples).toBe(samples);
      else expect(file.memory.contents().length).toBe(44 + samples * 2);
    },
  );

  it("loses at most a second of a file that nobody finished", async () => {
    const { track, file } = oggTrack();
    const tone = new Float32Array(BLOCK).map((_, index) => 0.3 * Math.sin(index * 0.13));
    for (let position = 0; position < 48_000 * 10; position += BLOCK) track.write(position, tone, tone, BLOCK);
    await track.drain();
    const { totalSamples } = await readOggOpus(file.contents());
    expect(totalSamples).toBeGreaterThanOrEqual(48_000 * 9);
  });
});

/** A file on a disk with `limit` bytes left. */
class LimitedFile implements RecordingFile {
  readonly memory = new MemoryRecordingFile();
  readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  get size(): number {
    return this.memory.size;
  }

  write(bytes: Uint8Array, position: number): void {
    if (position + bytes.length > this.limit) throw new VoiceError("storage-full", "Cannot record: the disk is full");
    this.memory.write(bytes, position);
  }

  flush(): void {
    this.memory.flush();
  }

  close(): void {
    this.memory.close();
  }
}

function oggTrack<File extends RecordingFile = MemoryRecordingFile>(
  file: File = new MemoryRecordingFile() as unknown as File,
): { track: TrackRecorder; file: File } {
  const codec = CodecModule.instantiate(coreModule());
  const sink = new OggOpusSink({ codec, channels: 1, file, settings: { complexity: 0 } });
  return { track: new TrackRecorder(sink, 0), file };
}
