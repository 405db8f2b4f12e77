import { describe, expect, it } from "vitest";
import { RecordingDesk } from "./recording-desk.ts";

const SECOND = 48_000;

describe("recording a call", () => {
  it("gives tracks of one length on one time base, whoever comes late or goes early", async () => {
    const desk = await new RecordingDesk().start();
    await desk.receive({ type: "open-call", takeId: 1, origin: 1_000_000 });
    const names = ["mix", "early", "late"];
    for (const [trackId, name] of names.entries()) {
      const track = { file: `${name}.wav`, format: "wav", channels: 1 } as const;
      await desk.receive({ type: "add-track", takeId: 1, trackId, track });
    }
    await say(desk, 0, 1_000_000, 3 * SECOND, 0.1);
    // Said before the recording began, and after: only the latter counts.
    await say(desk, 1, 1_000_000 - SECOND, 2 * SECOND, 0.2);
    await say(desk, 2, 1_000_000 + 2 * SECOND, SECOND / 2, 0.3);
    await desk.receive({ type: "finish", takeId: 1, end: 1_000_000 + 4 * SECOND });
    const [ended] = desk.said("take-ended");
    expect(ended?.tracks.map(({ samples }) => samples)).toEqual([4 * SECOND, 4 * SECOND, 4 * SECOND]);
    expect(levelsOf(desk, "mix.wav")).toEqual([0.1, 0.1, 0.1, 0]);
    expect(levelsOf(desk, "early.wav")).toEqual([0.2, 0, 0, 0]);
    expect(levelsOf(desk, "late.wav")).toEqual([0, 0, 0.3, 0]);
  });

  it("keeps every track when storage runs full", async () => {
    const desk = await new RecordingDesk(700_000).start();
    await desk.receive({ type: "open-call", takeId: 1, origin: 0 });
    for (let trackId = 0; trackId < 2; trackId += 1) {
      const track = { file: `${trackId}.wav`, format: "wav", channels: 1 } as const;
      await desk.receive({ type: "add-track", takeId: 1, trackId, track });
    }
    for (let second = 0; second < 10; second += 1) {
      await say(desk, 0, second * SECOND, SECOND, 0.1);
      await say(desk, 1, second * SECOND, SECOND, 0.2);
    }
    const [ended] = desk.said("take-ended");
    expect(ended?.reason).toBe("storage-full");
    for (const { file, samples } of ended?.tracks ?? []) {
      expect(samples).toBeGreaterThanOrEqual(3 * SECOND);
      expect(desk.files.get(file)?.size).toBe(44 + 2 * samples);
    }
  });
});

async function say(desk: RecordingDesk, trackId: number, from: number, samples: number, level: number): Promise<void> {
  for (let at = 0; at < samples; at += 2_400) {
    const left = new Float32Array(2_400).fill(level);
    await desk.receive({ type: "blocks", takeId: 1, trackId, position: from + at, left, right: undefined });
  }
}

/** The level in the middle of the first quarter of each second. */
function levelsOf(desk: RecordingDesk, file: string): readonly number[] {
  const pcm = new Int16Array(desk.files.get(file)?.contents().slice(44).buffer ?? new ArrayBuffer(0));
  return Array.from({ length: 4 }, (_, second) => Math.round(((pcm[second * SECOND + 6_000] ?? 0) / 32_768) * 10) / 10);
}
