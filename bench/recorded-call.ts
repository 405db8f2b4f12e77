import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { createSpeechLikeSignal } from "../src/engine/measurement/speech-like-signal.ts";
import { seededRandom } from "../src/engine/media/random.ts";
import { MIX_ENCODING, VOICE_ENCODING } from "../src/engine/recording/call-encoding.ts";
import type { RecordingFile } from "../src/engine/recording/recording-file.ts";
import { RecordingHost } from "../src/engine/recording/recording-host.ts";
import type { FromRecordingWorker, TakenTrack, ToRecordingWorker } from "../src/engine/recording/recording-messages.ts";
import { coreModule } from "../test/support/core-module.ts";
import { MARKER, MARKER_INTERVAL, MARKER_OFFSET } from "./marked-track.ts";

const RATE = 48_000;
/** A batch as the page hands it over: 50 ms. */
const BATCH = 2_400;
const MINUTE = 60 * RATE;
const SEED = 11;
/** Batches that never arrive, as a share: a blocked page loses whole batches. */
const LOST_SHARE = 0.002;

/** Where the playout clock stood when the recording began. */
const ORIGIN = 123_457;

/** What came of the call: its tracks (the mix first) and the process's memory in megabytes, minute by minute. */
export type RecordedCall = { readonly tracks: readonly TakenTrack[]; readonly memory: readonly number[] };

/**
 * Records a call in virtual time by the recording worker's own host, with files in `folder`: the mix and one track each, the first
 * participant being the one who records. The second participant joins after a quarter, the third leaves after three.
 */
export async function recordCall(options: {
  readonly folder: string;
  readonly minutes: number;
  readonly participants: number;
  readonly progress: (message: string) => void;
}): Promise<RecordedCall> {
  const { folder, minutes, participants, progress } = options;
  const said: FromRecordingWorker[] = [];
  const host = new RecordingHost({
    openFile: (name) => Promise.resolve(new DiskFile(join(folder, name))),
    post: (message) => {
      // Progress is for live displays; everything else is rare.
      if (message.type !== "progress") said.push(message);
    },
  });
  const tell = (message: ToRecordingWorker): Promise<void> => host.receive(message);
  await tell({ type: "start", core: coreModule(), rnnoise: undefined, gtcrn: undefined });
  await tell({ type: "open-call", takeId: 1, origin: ORIGIN });
  const open = (trackId: number): Promise<void> => {
    const encoding = trackId === 0 ? MIX_ENCODING : VOICE_ENCODING;
    const format = "opus";
    // The first participant records: what is heard of the others lacks their voice, and the worker adds it.
    const partOf = trackId === 1 ? { partOf: 0 } : {};
    const track = { file: `${trackId}.opus`, format, ...encoding, ...partOf } as const;
    return tell({ type: "add-track", takeId: 1, trackId, track });
  };
  await open(0);
  const voices = Array.from({ length: participants }, (_, index) => voiceOf(index));
  const random = seededRandom(SEED);
  const end = minutes * MINUTE;
  const isThere = (index: number, at: number): boolean =>
    (index !== 1 || at >= end / 4) && (index !== 2 || at < (3 * end) / 4);
  const opened = new Set<number>();
  const memory: number[] = [];
  const started = performance.now();
  for (let at = 0; at < end; at += BATCH) {
    const left = new Float32Array(BATCH);
    const right = new Float32Array(BATCH);
    for (const [index, voice] of voices.entries()) {
      if (!isThere(index, at)) continue;
      const own = batchOf(voice, at);
      for (let n = 0; n < BATCH && index > 0; n += 1) {
        left[n] = (left[n] ?? 0) + 0.25 * (own[n] ?? 0);
        right[n] = left[n] ?? 0;
      }
      if (!opened.has(index)) {
        opened.add(index);
        await open(index + 1);
      }
      // The batch of a marker always arrives: what is measured is where it ends up.
      const isLost = random() < LOST_SHARE && at % MARKER_INTERVAL >= BATCH;
      const position = ORIGIN + at;
      if (!isLost) {
        await tell({ type: "blocks", takeId: 1, trackId: index + 1, position, left: own, right: undefined });
      }
    }
    await tell({ type: "blocks", takeId: 1, trackId: 0, position: ORIGIN + at, left, right });
    if (at % MINUTE !== 0) continue;
    memory.push(process.memoryUsage().rss / 1e6);
    const speed = at / 48 / (performance.now() - started);
    if ((at / MINUTE) % 5 === 0) progress(`minute ${at / MINUTE} of ${minutes}, ${speed.toFixed(1)} × real time`);
  }
  await tell({ type: "finish", takeId: 1, end: ORIGIN + end });
  const ended = said.find((message) => message.type === "take-ended");
  if (ended?.type !== "take-ended") throw new Error(`The recording broke: ${JSON.stringify(said.at(-1))}`);
  return { tracks: ended.tracks, memory };
}

function voiceOf(index: number): Float32Array {
  const options = { sampleRate: RATE, seed: index + 1, pauseShare: 0.6 };
  return createSpeechLikeSignal({ ...options, seconds: 47 + index, pitchHz: 90 + 30 * index });
}

/** The voice from `at` on, with the marker that all share. */
function batchOf(voice: Float32Array, at: number): Float32Array<ArrayBuffer> {
  const batch = new Float32Array(BATCH);
  if (at > 0 && at % MARKER_INTERVAL === 0) {
    batch.set(MARKER, MARKER_OFFSET);
    return batch;
  }
  for (let n = 0; n < BATCH; n += 1) batch[n] = 0.4 * (voice[(at + n) % voice.length] ?? 0);
  return batch;
}

/** A recording file on this machine's disk, as the origin private file system is in a browser. */
class DiskFile implements RecordingFile {
  readonly #file: number;
  #closedSize: number | undefined;

  constructor(path: string) {
    this.#file = openSync(path, "w");
    ftruncateSync(this.#file, 0);
  }

  get size(): number {
    return this.#closedSize ?? fstatSync(this.#file).size;
  }

  write(bytes: Uint8Array, position: number): void {
    writeSync(this.#file, bytes, 0, bytes.length, position);
  }

  flush(): void {
    // The page cache is enough for a bench.
  }

  close(): void {
    if (this.#closedSize !== undefined) return;
    this.#closedSize = this.size;
    closeSync(this.#file);
  }
}
