import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CodecModule } from "../src/engine/codec/codec-module.ts";
import { createSpeechLikeSignal } from "../src/engine/measurement/speech-like-signal.ts";
import { seededRandom } from "../src/engine/media/random.ts";
import { readOggOpus } from "../src/engine/recording/ogg-opus-reader.ts";
import type { RecordingFile } from "../src/engine/recording/recording-file.ts";
import { RecordingHost } from "../src/engine/recording/recording-host.ts";
import type { FromRecordingWorker, TakenTrack, ToRecordingWorker } from "../src/engine/recording/recording-messages.ts";
import { OpusSource } from "../src/engine/recording/sample-source.ts";
import { coreModule } from "../test/support/core-module.ts";
import type { BenchOptions, BenchResult } from "./bench-result.ts";
import { formatTable } from "./format-table.ts";

const RATE = 48_000;
/** A batch as the page hands it over: 50 ms. */
const BATCH = 2_400;
const PARTICIPANTS = 4;
/** Every so often a marker sounds in all tracks at the same sample; seconds. */
const MARKER_SECONDS = 60;
/** A chirp of 20 ms that stands out of speech and survives Opus. */
const MARKER = new Float32Array(960).map(
  (_, n) =>
    0.8 * Math.sin((Math.PI * n) / 960) ** 2 * Math.sin(2 * Math.PI * (500 * (n / RATE) + 75_000 * (n / RATE) ** 2)),
);
const SEED = 11;
/** Batches that never arrive, as a share: a blocked page loses whole batches. */
const LOST_SHARE = 0.002;

type Row = {
  readonly track: string;
  readonly seconds: number;
  readonly bytes: number;
  readonly kilobitsPerSecond: number;
  readonly worstMisalignmentMs: number;
  readonly markers: number;
};

/**
 * `npm run bench -- recording`: a call of four participants recorded for two hours in virtual time by the recording worker's own
 * host: mix and one track each. `--minutes N` for another length. One joins after a quarter, one leaves after three.
 */
export async function run(options: BenchOptions): Promise<BenchResult> {
  const minutes = Number(options.values.get("minutes") ?? (options.quick ? 3 : 120));
  const folder = mkdtempSync(join(tmpdir(), "antiphon-recording-"));
  try {
    const started = performance.now();
    const { tracks, memory } = await record(folder, minutes, options.progress);
    const seconds = (performance.now() - started) / 1000;
    const rows: Row[] = [];
    for (const [index, track] of tracks.entries()) {
      options.progress(`measuring ${nameOf(index)}`);
      rows.push(await measure(join(folder, track.file), nameOf(index), track));
    }
    const quarter = Math.max(1, Math.floor(memory.length / 4));
    const early = Math.max(...memory.slice(quarter, 2 * quarter));
    const late = Math.max(...memory.slice(-quarter));
    const lengths = new Set(tracks.map(({ samples }) => samples));
    const json = {
      minutes,
      participants: PARTICIPANTS,
      secondsPerSecond: (minutes * 60) / seconds,
      memoryMegabytes: { secondQuarter: early, lastQuarter: late },
      tracksEndTogether: lengths.size === 1,
      rows,
    };
    return { json, table: tableOf(json) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function record(
  folder: string,
  minutes: number,
  progress: (message: string) => void,
): Promise<{ readonly tracks: readonly TakenTrack[]; readonly memory: readonly number[] }> {
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
  const origin = 123_457;
  await tell({ type: "open-call", takeId: 1, origin });
  const speech = Array.from({ length: PARTICIPANTS }, (_, index) =>
    createSpeechLikeSignal({
      sampleRate: RATE,
      seconds: 47 + index,
      seed: index + 1,
      pitchHz: 90 + 30 * index,
      pauseShare: 0.6,
    }),
  );
  const random = seededRandom(SEED);
  const end = minutes * 60 * RATE;
  const isThere = (index: number, at: number): boolean =>
    (index !== 1 || at >= end / 4) && (index !== 2 || at < (3 * end) / 4);
  const open = async (trackId: number, channels: 1 | 2): Promise<void> => {
    const track = {
      file: `${trackId}.opus`,
      format: "opus",
      channels,
      bitrate: channels === 2 ? 96_000 : 40_000,
    } as const;
    await tell({ type: "add-track", takeId: 1, trackId, track });
  };
  await open(0, 2);
  const opened = new Set<number>();
  const memory: number[] = [];
  for (let at = 0; at < end; at += BATCH) {
    const left = new Float32Array(BATCH);
    const right = new Float32Array(BATCH);
    for (let index = 0; index < PARTICIPANTS; index += 1) {
      if (!isThere(index, at)) continue;
      const own = batchOf(speech[index] ?? new Float32Array(1), at);
      for (let n = 0; n < BATCH; n += 1) {
        left[n] = (left[n] ?? 0) + 0.25 * (own[n] ?? 0);
        right[n] = left[n] ?? 0;
      }
      if (!opened.has(index)) {
        opened.add(index);
        await open(index + 1, 1);
      }
      const isLost = random() < LOST_SHARE && at % (MARKER_SECONDS * RATE) >= BATCH;
      if (!isLost)
        await tell({
          type: "blocks",
          takeId: 1,
          trackId: index + 1,
          position: origin + at,
          left: own,
          right: undefined,
        });
    }
    await tell({ type: "blocks", takeId: 1, trackId: 0, position: origin + at, left, right });
    if (at % (60 * RATE) === 0) {
      memory.push(process.memoryUsage().rss / 1e6);
      if (at % (600 * RATE) === 0) progress(`minute ${at / 60 / RATE} of ${minutes}`);
    }
  }
  await tell({ type: "finish", takeId: 1, end: origin + end });
  const ended = said.find((message) => message.type === "take-ended");
  if (ended?.type !== "take-ended") throw new Error(`The recording broke: ${JSON.stringify(said.at(-1))}`);
  return { tracks: ended.tracks, memory };
}

/** The talker's voice from `at` on, with the marker that all share. */
function batchOf(speech: Float32Array, at: number): Float32Array<ArrayBuffer> {
  const batch = new Float32Array(BATCH);
  const sinceMarker = at % (MARKER_SECONDS * RATE);
  for (let n = 0; n < BATCH; n += 1) batch[n] = 0.4 * (speech[(at + n) % speech.length] ?? 0);
  if (sinceMarker === 0 && at > 0) {
    batch.fill(0);
    batch.set(MARKER, 480);
  }
  return batch;
}

/** Where the markers are in a track, against where they were put. */
async function measure(path: string, name: string, track: TakenTrack): Promise<Row> {
  const source = new OpusSource(
    CodecModule.instantiate(coreModule()),
    await readOggOpus(new Uint8Array(readFileSync(path))),
  );
  const window = new Float32Array(4 * BATCH);
  let position = 0;
  let worst = 0;
  let markers = 0;
  for (const { left, frames } of source.chunks()) {
    for (let n = 0; n < frames; n += 1) {
      const since = (position + n) % (MARKER_SECONDS * RATE);
      if (position + n < MARKER_SECONDS * RATE || since >= window.length) continue;
      window[since] = left[n] ?? 0;
      if (since !== window.length - 1) continue;
      const found = findMarker(window);
      if (found === undefined) continue;
      markers += 1;
      worst = Math.max(worst, Math.abs(found - 480));
    }
    position += frames;
  }
  source.close();
  const { size } = statSync(path);
  const seconds = track.samples / RATE;
  return {
    track: name,
    seconds,
    bytes: size,
    kilobitsPerSecond: (size * 8) / seconds / 1000,
    worstMisalignmentMs: (worst / RATE) * 1000,
    markers,
  };
}

/** Lag of the strongest correlation with the marker; undefined where the track is silent. */
function findMarker(window: Float32Array): number | undefined {
  let best: number | undefined;
  let strongest = 20;
  for (let lag = 0; lag + MARKER.length < window.length; lag += 1) {
    let sum = 0;
    for (let n = 0; n < MARKER.length; n += 1) sum += (window[lag + n] ?? 0) * (MARKER[n] ?? 0);
    if (sum > strongest) {
      strongest = sum;
      best = lag;
    }
  }
  return best;
}

/** A recording file on this machine's disk, as the origin private file system is in a browser. */
class DiskFile implements RecordingFile {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, "w");
    ftruncateSync(this.#file, 0);
  }

  #closedSize: number | undefined;

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

function nameOf(index: number): string {
  return index === 0 ? "mix" : `participant ${index}`;
}

function tableOf(json: {
  readonly minutes: number;
  readonly secondsPerSecond: number;
  readonly memoryMegabytes: { readonly secondQuarter: number; readonly lastQuarter: number };
  readonly tracksEndTogether: boolean;
  readonly rows: readonly Row[];
}): string {
  const { secondQuarter, lastQuarter } = json.memoryMegabytes;
  return [
    formatTable(
      `A call of ${PARTICIPANTS}, ${json.minutes} minutes in virtual time`,
      ["track", "seconds", "MB", "kb/s", "misaligned ms", "markers"],
      json.rows.map((row) => [
        row.track,
        row.seconds,
        row.bytes / 1e6,
        row.kilobitsPerSecond,
        row.worstMisalignmentMs,
        row.markers,
      ]),
    ),
    "",
    `Memory: at most ${secondQuarter.toFixed(0)} MB in the second quarter, ${lastQuarter.toFixed(0)} MB in the last.`,
    `Tracks end together: ${json.tracksEndTogether ? "yes" : "no"}. ${json.secondsPerSecond.toFixed(1)} times as fast as real time.`,
    "Excluded: the audio threads and the rings in front of the worker; files are on this machine's disk.",
  ].join("\n");
}
