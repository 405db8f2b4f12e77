import { describe, expect, it } from "vitest";
import { createSpeechLikeSignal } from "../../../src/engine/measurement/speech-like-signal.ts";
import { readOggOpus } from "../../../src/engine/recording/ogg-opus-reader.ts";
import { DEFAULT_VOICE_TRIGGER } from "../../../src/engine/recording/voice-trigger.ts";
import { defaultSettings } from "../../../src/engine/settings/default-settings.ts";
import { RecordingDesk } from "./recording-desk.ts";

const SPEECH = createSpeechLikeSignal({ sampleRate: 48_000, seconds: 6, seed: 3 }).map((sample) => sample * 0.3);

describe("recording a note", () => {
  it.each([480, 48_000, 123_457])("keeps exactly the %i samples that came in", async (length) => {
    const desk = await new RecordingDesk().start();
    await desk.openNote();
    await desk.speak(SPEECH.slice(0, length));
    await desk.receive({ type: "finish", takeId: 1 });
    const [ended] = desk.said("take-ended");
    expect(ended?.reason).toBe("finished");
    expect(ended?.tracks[0]?.samples).toBe(length);
    expect((await readOggOpus(contentsOf(desk))).totalSamples).toBe(length);
  });

  it.each(["off", "rnnoise"] as const)("keeps length and timing through the chain, suppressor %s", async (kind) => {
    const desk = await new RecordingDesk().start({ withRnnoise: true });
    const { capture } = defaultSettings;
    await desk.openNote({ processing: { ...capture, suppressor: { ...capture.suppressor, kind } } });
    await desk.speak(SPEECH);
    await desk.receive({ type: "finish", takeId: 1 });
    const [ended] = desk.said("take-ended");
    expect(ended?.tracks[0]?.samples).toBe(SPEECH.length);
    // The envelope of what was recorded follows the envelope of what was said.
    const peaks = ended?.tracks[0]?.peaks ?? new Uint8Array();
    expect(bestEnvelopeLag(SPEECH, peaks)).toBe(0);
  });

  it("reports progress with every peak exactly once", async () => {
    const desk = await new RecordingDesk().start();
    await desk.openNote();
    await desk.speak(SPEECH);
    await desk.receive({ type: "finish", takeId: 1 });
    const live = desk.said("progress").flatMap(({ peaks }) => [...peaks]);
    const all = [...(desk.said("take-ended")[0]?.tracks[0]?.peaks ?? [])];
    expect(live.length).toBeGreaterThan(all.length - 6);
    expect(live).toEqual(all.slice(0, live.length));
  });

  it("leaves out what is said during a pause, without a click", async () => {
    const desk = await new RecordingDesk().start();
    await desk.openNote({ track: { file: "note.wav", format: "wav", channels: 1 } });
    const tone = new Float32Array(144_000).map((_, index) => 0.5 * Math.sin(index * 0.031));
    await desk.speak(tone.slice(0, 48_000));
    await desk.receive({ type: "pause", takeId: 1 });
    await desk.speak(tone.slice(48_000, 96_123), { from: 48_000 });
    await desk.receive({ type: "resume", takeId: 1 });
    await desk.speak(tone.slice(96_123), { from: 96_123 });
    await desk.receive({ type: "finish", takeId: 1 });
    expect(desk.said("take-ended")[0]?.tracks[0]?.samples).toBe(144_000 - 48_123);
    const pcm = new Int16Array(contentsOf(desk, "note.wav").slice(44).buffer);
    const steps = pcm.map((value, index) => (index === 0 ? 0 : Math.abs(value - (pcm[index - 1] ?? 0))));
    expect(Math.max(...steps)).toBeLessThan(0.5 * 32_768 * 0.031 * 2);
  });

  it("fills a short gap in the microphone with silence", async () => {
    const desk = await new RecordingDesk().start();
    await desk.openNote();
    await desk.speak(SPEECH.slice(0, 48_000));
    await desk.speak(SPEECH.slice(48_000, 96_000), { from: 60_000 });
    await desk.receive({ type: "finish", takeId: 1 });
    expect(desk.said("take-ended")[0]?.tracks[0]?.samples).toBe(108_000);
  });

  it("goes on without a gap when another microphone takes over", async () => {
    const desk = await new RecordingDesk().start();
    await desk.openNote();
    await desk.speak(SPEECH.slice(0, 48_000), { from: 1_000_000 });
    await desk.speak(SPEECH.slice(48_000, 96_000), { from: 0 });
    await desk.receive({ type: "finish", takeId: 1 });
    expect(desk.said("take-ended")[0]?.tracks[0]?.samples).toBe(96_000);
  });

  it("ends by itself at its greatest length", async () => {
    const desk = await new RecordingDesk().start();
    await desk.openNote({ maxSamples: 100_000 });
    await desk.speak(SPEECH);
    const [ended] = desk.said("take-ended");
    expect(ended?.reason).toBe("max-length");
    expect(ended?.tracks[0]?.samples).toBe(100_000);
    expect((await readOggOpus(contentsOf(desk))).totalSamples).toBe(100_000);
  });

  it("ends cleanly and keeps what it has when storage is full", async () => {
    const desk = await new RecordingDesk(12_000).start();
    await desk.openNote();
    await desk.speak(SPEECH);
    const [ended] = desk.said("take-ended");
    expect(ended?.reason).toBe("storage-full");
    const samples = ended?.tracks[0]?.samples ?? 0;
    expect(samples).toBeGreaterThan(48_000);
    expect((await readOggOpus(contentsOf(desk))).totalSamples).toBe(samples);
  });

  it("says so when there is nothing to record to a take that has ended", async () => {
    const desk = await new RecordingDesk().start();
    await desk.openNote();
    await desk.receive({ type: "finish", takeId: 1 });
    expect(desk.said("take-ended")[0]?.tracks[0]?.samples).toBe(0);
    await desk.speak(SPEECH.slice(0, 4800));
    await desk.receive({ type: "finish", takeId: 1 });
    expect(desk.said("take-ended").length).toBe(1);
    expect(desk.said("failed")).toEqual([]);
  });
});

describe("a note that starts by voice", () => {
  it("holds the utterance with its pre-roll and padding, and neither the silence before nor after", async () => {
    const desk = await new RecordingDesk().start();
    await desk.openNote({ trigger: DEFAULT_VOICE_TRIGGER });
    const room = noise(14 * 48_000, 0.001);
    const utterance = SPEECH.subarray(0, 3 * 48_000);
    utterance.forEach((sample, index) => {
      room[5 * 48_000 + index] = (room[5 * 48_000 + index] ?? 0) + sample;
    });
    await desk.speak(room);
    const [ended] = desk.said("take-ended");
    expect(ended?.reason).toBe("silence");
    const { samples = 0, peaks = new Uint8Array() } = ended?.tracks[0] ?? {};
    expect(samples / 48_000).toBeGreaterThan(3);
    expect(samples / 48_000).toBeLessThan(3.8);
    const firstLoud = peaks.findIndex((peak) => peak > 8);
    expect(firstLoud).toBeGreaterThan(10);
    expect(firstLoud).toBeLessThan(24);
  });

  it("keeps what was said when it is stopped in the middle", async () => {
    const desk = await new RecordingDesk().start();
    await desk.openNote({ trigger: DEFAULT_VOICE_TRIGGER });
    await desk.speak(noise(48_000, 0.001));
    await desk.speak(SPEECH.slice(0, 48_000), { from: 48_000 });
    await desk.receive({ type: "finish", takeId: 1 });
    const { samples = 0 } = desk.said("take-ended")[0]?.tracks[0] ?? {};
    expect(samples).toBeGreaterThan(47_000);
    expect(samples).toBeLessThan(48_000 * 1.4);
  });

  it("records nothing of a room where nobody speaks", async () => {
    const desk = await new RecordingDesk().start();
    await desk.openNote({ trigger: DEFAULT_VOICE_TRIGGER });
    await desk.speak(noise(30 * 48_000, 0.01));
    await desk.receive({ type: "finish", takeId: 1 });
    expect(desk.said("take-ended")[0]?.tracks[0]?.samples).toBe(0);
    expect(desk.said("progress").every(({ isWaiting }) => isWaiting)).toBe(true);
  });
});

describe("work on recordings", () => {
  it("cuts a recording to the sample and leaves the original alone", async () => {
    const { desk, source } = await recorded();
    const track = { file: "cut.opus", format: "opus", channels: 1 } as const;
    await desk.receive({ type: "job", jobId: 7, job: { kind: "cut", source, start: 10_001, end: 99_999, track } });
    expect(desk.said("job-done")[0]?.result.samples).toBe(89_998);
    expect((await readOggOpus(contentsOf(desk, "cut.opus"))).totalSamples).toBe(89_998);
    expect((await readOggOpus(contentsOf(desk))).totalSamples).toBe(SPEECH.length);
  });

  it("makes a whole file of a draft that broke off, losing no packet that was complete", async () => {
    const { desk, source } = await recorded();
    const broken = source.slice(0, Math.floor(source.size * 0.8));
    const before = await readOggOpus(new Uint8Array(await broken.arrayBuffer()));
    const track = { file: "whole.opus", format: "opus", channels: 1 } as const;
    await desk.receive({ type: "job", jobId: 8, job: { kind: "rewrite", source: broken, track } });
    const { samples = 0, peaks } = desk.said("job-done")[0]?.result ?? {};
    const whole = await readOggOpus(contentsOf(desk, "whole.opus"));
    expect(whole.packets).toEqual(before.packets);
    expect(whole.totalSamples).toBe(samples);
    expect(samples).toBeGreaterThan(SPEECH.length * 0.6);
    expect(peaks?.length).toBe(Math.ceil(samples / 960));
  });

  it("encodes imported samples", async () => {
    const desk = await new RecordingDesk().start();
    const left = new Float32Array(SPEECH);
    const track = { file: "import.opus", format: "opus", channels: 2 } as const;
    await desk.receive({ type: "job", jobId: 9, job: { kind: "encode", left, right: left.slice(), track } });
    expect(desk.said("job-done")[0]?.result.samples).toBe(SPEECH.length);
    const { head, totalSamples } = await readOggOpus(contentsOf(desk, "import.opus"));
    expect(head.channels).toBe(2);
    expect(totalSamples).toBe(SPEECH.length);
  });

  it.each(["cut", "rewrite", "encode", "polish"] as const)(
    "is whole or says that storage is full: %s",
    async (kind) => {
      const { source } = await recorded();
      const track = { file: "job.opus", format: "opus", channels: 1 } as const;
      const jobs = {
        cut: { kind: "cut", source, start: 0, end: SPEECH.length, track },
        rewrite: { kind: "rewrite", source, track },
        encode: { kind: "encode", left: new Float32Array(SPEECH), right: undefined, track },
        polish: { kind: "polish", source, settings: { targetLufs: -16 }, track },
      } as const;
      const roomy = await new RecordingDesk().start();
      await roomy.receive({ type: "job", jobId: 1, job: jobs[kind] });
      const whole = roomy.files.get("job.opus")?.size ?? 0;
      expect(whole).toBeGreaterThan(10_000);
      for (const room of [0, 1, 500, whole / 2, whole - 1_000, whole - 1, whole].map(Math.floor)) {
        const desk = await new RecordingDesk(room).start();
        await desk.receive({ type: "job", jobId: 1, job: jobs[kind] });
        if (room === whole) expect(desk.said("job-done")[0]?.result.samples).toBe(SPEECH.length);
        else expect(desk.said("failed"), `${room} bytes`).toMatchObject([{ id: 1, code: "storage-full" }]);
        // What stays open cannot be deleted.
        expect([...desk.closed]).toEqual([...desk.files.keys()]);
      }
    },
  );

  it("refuses what is no recording with a reason", async () => {
    const desk = await new RecordingDesk().start();
    const track = { file: "x.opus", format: "opus", channels: 1 } as const;
    const source = new Blob([new Uint8Array(1000)]);
    await desk.receive({ type: "job", jobId: 3, job: { kind: "rewrite", source, track } });
    expect(desk.said("failed")).toMatchObject([{ id: 3, code: "unsupported" }]);
  });
});

async function recorded(): Promise<{ readonly desk: RecordingDesk; readonly source: Blob }> {
  const desk = await new RecordingDesk().start();
  await desk.openNote();
  await desk.speak(SPEECH);
  await desk.receive({ type: "finish", takeId: 1 });
  return { desk, source: new Blob([contentsOf(desk)]) };
}

function contentsOf(desk: RecordingDesk, name = "note.opus"): Uint8Array<ArrayBuffer> {
  return desk.files.get(name)?.contents() ?? new Uint8Array();
}

function noise(samples: number, level: number): Float32Array<ArrayBuffer> {
  let state = 1;
  return new Float32Array(samples).map(() => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state / 2 ** 31 - 1) * level;
  });
}

/** Lag, in peaks of 20 ms, at which the recorded envelope follows the envelope of `samples` best. */
function bestEnvelopeLag(samples: Float32Array, peaks: Uint8Array): number {
  const envelope = Array.from({ length: peaks.length }, (_, index) =>
    samples.subarray(index * 960, index * 960 + 960).reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0),
  );
  let best = 0;
  let bestSum = Number.NEGATIVE_INFINITY;
  for (let lag = -4; lag <= 4; lag += 1) {
    let sum = 0;
    for (let index = 4; index < peaks.length - 4; index += 1) sum += (envelope[index] ?? 0) * (peaks[index + lag] ?? 0);
    if (sum > bestSum) {
      bestSum = sum;
      best = lag;
    }
  }
  return best;
}
