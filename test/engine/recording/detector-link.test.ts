import { describe, expect, it } from "vitest";
import { createSpeechLikeSignal } from "../../../src/engine/measurement/speech-like-signal.ts";
import { DEFAULT_VOICE_TRIGGER } from "../../../src/engine/recording/voice-trigger.ts";
import { AUDIO_BLOCK_MAX_FRAMES, AudioBlockRecord } from "../../../src/engine/shared-memory/audio-block-record.ts";
import { createPacketPipe } from "../../../src/engine/shared-memory/create-packet-pipe.ts";
import { openPacketReader } from "../../../src/engine/shared-memory/open-packet-pipe.ts";
import { RecordingDesk } from "./recording-desk.ts";

const SECOND = 48_000;
const BATCH = 2_400;

describe("a note that starts by voice, heard by the accurate detector", () => {
  it("starts and ends by its verdicts, whatever the level says", async () => {
    const { desk, detector } = await listeningDesk();
    // A steady hum, in which only the detector hears somebody, from 1 s to 3 s.
    const hum = new Float32Array(6 * SECOND).map((_, n) => 0.02 * Math.sin(n / 25));
    await play(desk, hum, (at) => detector.say(at >= SECOND && at < 3 * SECOND ? 0.95 : 0.02));
    const [ended] = desk.said("take-ended");
    expect(ended?.reason).toBe("silence");
    expect((ended?.tracks[0]?.samples ?? 0) / SECOND).toBeGreaterThan(2.2);
    expect((ended?.tracks[0]?.samples ?? 0) / SECOND).toBeLessThan(3);
    detector.close();
  });

  it("sends it every sample once, in order", async () => {
    const { desk, detector } = await listeningDesk();
    const ramp = new Float32Array(SECOND).map((_, n) => n / SECOND);
    await play(desk, ramp, () => detector.take());
    await desk.receive({ type: "finish", takeId: 1 });
    detector.take();
    expect(detector.heard.length).toBe(SECOND);
    expect(detector.heard.findIndex((sample, n) => sample !== ramp[n])).toBe(-1);
    detector.close();
  });

  it("goes on by itself when the detector falls silent", async () => {
    const { desk, detector } = await listeningDesk();
    await play(desk, new Float32Array(SECOND), () => detector.say(0));
    const loud = createSpeechLikeSignal({ sampleRate: SECOND, seconds: 2, seed: 3, pauseShare: 0 });
    await play(desk, loud.slice(), () => Promise.resolve(), SECOND);
    await desk.receive({ type: "finish", takeId: 1 });
    expect((desk.said("take-ended")[0]?.tracks[0]?.samples ?? 0) / SECOND).toBeGreaterThan(1);
    detector.close();
  });
});

async function listeningDesk(): Promise<{ readonly desk: RecordingDesk; readonly detector: FakeDetector }> {
  const desk = await new RecordingDesk().start();
  await desk.openNote({ trigger: DEFAULT_VOICE_TRIGGER });
  const { writer, reader } = createPacketPipe({ shared: true, capacityBytes: 1 << 19 });
  const { port1, port2 } = new MessageChannel();
  await desk.receive({ type: "listen", takeId: 1, blocks: writer, verdicts: port2 });
  return { desk, detector: new FakeDetector(openPacketReader(reader), port1) };
}

async function play(
  desk: RecordingDesk,
  samples: Float32Array<ArrayBuffer>,
  meanwhile: (at: number) => Promise<void> | void,
  from = 0,
): Promise<void> {
  for (let at = 0; at < samples.length; at += BATCH) {
    const left = samples.slice(at, at + BATCH);
    await desk.receive({ type: "blocks", takeId: 1, trackId: 0, position: from + at, left, right: undefined });
    await meanwhile(from + at);
  }
}

/** The vad worker's end: hears what comes, and says what it is told to. */
class FakeDetector {
  readonly heard: number[] = [];
  readonly #reader: ReturnType<typeof openPacketReader>;
  readonly #verdicts: MessagePort;
  readonly #record = new AudioBlockRecord();
  readonly #left = new Float32Array(AUDIO_BLOCK_MAX_FRAMES);
  readonly #right = new Float32Array(AUDIO_BLOCK_MAX_FRAMES);

  constructor(reader: ReturnType<typeof openPacketReader>, verdicts: MessagePort) {
    this.#reader = reader;
    this.#verdicts = verdicts;
  }

  take(): void {
    for (let length = this.#read(); length > 0; length = this.#read()) {
      const frames = this.#record.read(length, this.#left, this.#right);
      this.heard.push(...this.#left.subarray(0, frames));
    }
  }

  /** Resolves when the verdict has arrived: messages between ports take a turn of the event loop. */
  async say(probability: number): Promise<void> {
    this.take();
    this.#verdicts.postMessage({ probability });
    await new Promise((resolve) => setImmediate(resolve));
  }

  close(): void {
    this.#verdicts.close();
  }

  #read(): number {
    return this.#reader.read(this.#record.bytes);
  }
}
