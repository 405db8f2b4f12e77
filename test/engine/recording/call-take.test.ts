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

  it("mixes one's own voice with the others to the sample, whichever comes first", async () => {
    const desk = await openMixedCall();
    // A pulse every tenth of a second in either, at different places; one's own voice comes 300 ms late, then early.
    const others = pulses(4 * SECOND, 1_000);
    const own = pulses(4 * SECOND, 3_000);
    const batch = 2_400;
    let ownAt = 0;
    for (let at = 0; at < others.length; at += batch) {
      await write(desk, 0, at, others.slice(at, at + batch));
      const ownEnd = at < 2 * SECOND ? at - 6 * batch : Math.min(4 * SECOND, at + 3 * batch);
      for (; ownAt < ownEnd; ownAt += batch) await write(desk, 1, ownAt, own.slice(ownAt, ownAt + batch));
    }
    await desk.receive({ type: "finish", takeId: 1, end: 1_000_000 + 4 * SECOND });
    const mix = pcmOf(desk, "mix.wav");
    expect(mix.length).toBe(4 * SECOND);
    const wrong = mix.findIndex((sample, n) => Math.abs(sample / 32_768 - (others[n] ?? 0) - (own[n] ?? 0)) > 0.001);
    expect(wrong).toBe(-1);
    expect(pcmOf(desk, "own.wav").length).toBe(4 * SECOND);
  });

  it("keeps the mix under full scale when everybody is loud, and without one's own voice where there is none", async () => {
    const desk = await openMixedCall();
    const loud = Float32Array.from({ length: SECOND }, (_, n) => 0.85 * Math.sin(n / 20));
    await write(desk, 0, 0, loud);
    await write(desk, 1, 0, loud);
    await write(desk, 0, SECOND, loud);
    await write(desk, 0, 2 * SECOND, loud);
    await desk.receive({ type: "finish", takeId: 1, end: 1_000_000 + 3 * SECOND });
    const mix = pcmOf(desk, "mix.wav");
    expect(peakOf(mix)).toBeLessThan(0.9);
    expect(peakOf(mix.subarray(100, SECOND - 100))).toBeGreaterThan(0.8);
    expect(peakOf(mix.subarray(2 * SECOND))).toBeCloseTo(0.85, 2);
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

  it("keeps what it has of the others when there is no room for somebody who comes late", async () => {
    const desk = await openMixedCall();
    for (const trackId of [0, 1]) await say(desk, trackId, 1_000_000, 2 * SECOND, 0.1);
    desk.fill();
    const late = { file: "late.wav", format: "wav", channels: 1 } as const;
    await desk.receive({ type: "add-track", takeId: 1, trackId: 2, track: late });
    const [ended] = desk.said("take-ended");
    expect(ended?.reason).toBe("storage-full");
    expect(ended?.message).toBe("Cannot record: the disk is full");
    expect(ended?.tracks.map(({ file }) => file)).toEqual(["mix.wav", "own.wav"]);
    for (const { file, samples } of ended?.tracks ?? []) {
      expect(samples).toBeGreaterThanOrEqual(SECOND);
      expect(desk.files.get(file)?.size).toBe(44 + 2 * samples);
      expect(desk.closed).toContain(file);
    }
  });
});

/** A call with the mix as track 0 and one's own voice as track 1, both WAV. */
async function openMixedCall(): Promise<RecordingDesk> {
  const desk = await new RecordingDesk().start();
  await desk.receive({ type: "open-call", takeId: 1, origin: 1_000_000 });
  const mix = { file: "mix.wav", format: "wav", channels: 1 } as const;
  await desk.receive({ type: "add-track", takeId: 1, trackId: 0, track: mix });
  const own = { file: "own.wav", format: "wav", channels: 1, partOf: 0 } as const;
  await desk.receive({ type: "add-track", takeId: 1, trackId: 1, track: own });
  return desk;
}

function write(desk: RecordingDesk, trackId: number, from: number, left: Float32Array<ArrayBuffer>): Promise<void> {
  return desk.receive({ type: "blocks", takeId: 1, trackId, position: 1_000_000 + from, left, right: undefined });
}

/** Silence with a sample of half scale every tenth of a second, the first at `offset`. */
function pulses(samples: number, offset: number): Float32Array<ArrayBuffer> {
  return new Float32Array(samples).map((_, n) => (n % 4_800 === offset ? 0.5 : 0));
}

function pcmOf(desk: RecordingDesk, file: string): Int16Array {
  return new Int16Array(desk.files.get(file)?.contents().slice(44).buffer ?? new ArrayBuffer(0));
}

function peakOf(pcm: Int16Array): number {
  return pcm.reduce((peak, sample) => Math.max(peak, sample), 0) / 32_768;
}

async function say(desk: RecordingDesk, trackId: number, from: number, samples: number, level: number): Promise<void> {
  for (let at = 0; at < samples; at += 2_400) {
    const left = new Float32Array(2_400).fill(level);
    await desk.receive({ type: "blocks", takeId: 1, trackId, position: from + at, left, right: undefined });
  }
}

/** The level in the middle of the first quarter of each second. */
function levelsOf(desk: RecordingDesk, file: string): readonly number[] {
  const pcm = pcmOf(desk, file);
  return Array.from({ length: 4 }, (_, second) => Math.round(((pcm[second * SECOND + 6_000] ?? 0) / 32_768) * 10) / 10);
}
