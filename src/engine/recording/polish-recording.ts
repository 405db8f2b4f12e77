import { LoudnessMeter } from "../capture/loudness-meter.ts";
import { dbToGain } from "../media/decibels.ts";
import { LIMITER_LATENCY, Limiter } from "../playout/limiter.ts";
import { BlockLevels } from "./block-levels.ts";
import { RangeCutter } from "./range-cutter.ts";
import type { SampleSource } from "./sample-source.ts";
import { findSpeech, type SampleRange } from "./speech-segments.ts";
import type { TrackSink } from "./track-sink.ts";
import { planTrim, type TrimSettings, trimmedLength } from "./trim-silence.ts";

/** What is done to a finished recording. Left out: not done. */
export type PolishSettings = {
  readonly trim?: TrimSettings;
  /** Integrated loudness that the recording is brought to, LUFS. */
  readonly targetLufs?: number;
};

/** What was done, and to what effect. */
export type PolishReport = {
  readonly samples: number;
  readonly removedSamples: number;
  /** Loudness before and after, LUFS; −120 for silence. */
  readonly inputLufs: number;
  readonly outputLufs: number;
  /** Gain that was applied before the limiter, dB. */
  readonly gainDb: number;
};

/** True peak that goes into the encoder, dBTP: a normalised file keeps under −1, and Opus adds up to 1.1 dB (`npm run bench -- polish`). */
const CEILING_DB = -2;

/** Loudest amplification of a recording that is nearly silent, dB. */
const MAX_GAIN_DB = 40;

/** Passes that correct the gain for what the limiter takes away, and the error at which they stop, LU. */
const CORRECTION_PASSES = 3;
const GOOD_ENOUGH_LU = 0.1;

/** Chunks between two turns of the event loop. */
const CHUNKS_PER_TURN = 200;

/**
 * Trims and normalises a finished recording into `sink`, in several passes over `source` and in bounded memory. The
 * result has exactly `samples` samples. Window or worker thread; gives the event loop a turn now and then.
 */
export async function polishRecording(
  source: SampleSource,
  sink: TrackSink,
  settings: PolishSettings,
  onProgress: (fraction: number) => void = () => undefined,
): Promise<PolishReport> {
  const passes = settings.targetLufs === undefined ? 2 : 2 + CORRECTION_PASSES;
  let pass = 0;
  const run = async (visit: (left: Float32Array, right: Float32Array, frames: number) => void): Promise<void> => {
    let seen = 0;
    let chunks = 0;
    for (const { left, right, frames } of source.chunks()) {
      visit(left, right, frames);
      seen += frames;
      chunks += 1;
      if (chunks % CHUNKS_PER_TURN === 0) {
        onProgress((pass + seen / source.totalSamples) / passes);
        await new Promise((resolve) => setTimeout(resolve));
      }
    }
    pass += 1;
    onProgress(Math.min(1, pass / passes));
  };

  const { ranges, inputLufs } = await survey(source, settings.trim, run);
  const gainDb =
    settings.targetLufs === undefined || inputLufs <= -70
      ? 0
      : await findGain(settings.targetLufs, inputLufs, ranges, run);
  const meter = new LoudnessMeter();
  const chain = new GainAndLimit(
    settings.targetLufs === undefined ? undefined : gainDb,
    (left, right, from, frames) => {
      meter.process(left, right, from, frames);
      sink.write(left, right, from, frames);
    },
  );
  const cutter = new RangeCutter(ranges, (left, right, from, frames) => chain.write(left, right, from, frames));
  await run((left, right, frames) => cutter.write(left, right, frames));
  chain.finish(source.channels);
  const samples = trimmedLength(ranges);
  onProgress(1);
  return {
    samples,
    removedSamples: source.totalSamples - samples,
    inputLufs,
    outputLufs: meter.integratedLufs,
    gainDb,
  };
}

type Pass = (visit: (left: Float32Array, right: Float32Array, frames: number) => void) => Promise<void>;

/** First pass: where speech is, and how loud. */
async function survey(
  source: SampleSource,
  trim: TrimSettings | undefined,
  run: Pass,
): Promise<{ readonly ranges: readonly SampleRange[]; readonly inputLufs: number }> {
  const levels = new BlockLevels();
  const meter = new LoudnessMeter();
  await run((left, right, frames) => {
    levels.write(left, right, frames);
    meter.process(left, right, 0, frames);
  });
  const whole = source.totalSamples > 0 ? [{ start: 0, end: source.totalSamples }] : [];
  const speech = findSpeech(levels.finish(), source.totalSamples);
  const ranges = trim === undefined ? whole : planTrim(speech, source.totalSamples, trim);
  return { ranges, inputLufs: meter.integratedLufs };
}

/**
 * Finds the gain that gives the target behind cuts and limiter: each pass makes up for what the last one missed. Peaks do not
 * bound it: a bump against the microphone stands far out of speech, and must not keep the speech quiet.
 */
async function findGain(
  targetLufs: number,
  inputLufs: number,
  ranges: readonly SampleRange[],
  run: Pass,
): Promise<number> {
  let gainDb = Math.min(MAX_GAIN_DB, targetLufs - inputLufs);
  for (let pass = 0; pass < CORRECTION_PASSES; pass += 1) {
    const meter = new LoudnessMeter();
    const chain = new GainAndLimit(gainDb, (left, right, from, frames) => meter.process(left, right, from, frames));
    const cutter = new RangeCutter(ranges, (left, right, from, frames) => chain.write(left, right, from, frames));
    await run((left, right, frames) => cutter.write(left, right, frames));
    const miss = targetLufs - meter.integratedLufs;
    if (Math.abs(miss) < GOOD_ENOUGH_LU || (miss > 0 && gainDb === MAX_GAIN_DB)) break;
    gainDb = Math.min(MAX_GAIN_DB, gainDb + miss);
  }
  return gainDb;
}

/** Gain and true-peak limiter with the limiter's delay taken out: as many samples leave as came in, in place. */
class GainAndLimit {
  readonly #limiter: Limiter | undefined;
  readonly #gain: number;
  readonly #receive: (left: Float32Array, right: Float32Array, offset: number, frames: number) => void;
  #isMono = true;
  #toSkip = LIMITER_LATENCY;

  /** Without a gain the samples pass as they are. */
  constructor(
    gainDb: number | undefined,
    receive: (left: Float32Array, right: Float32Array, offset: number, frames: number) => void,
  ) {
    this.#limiter = gainDb === undefined ? undefined : new Limiter({ ceilingDb: CEILING_DB, releaseMs: 60 });
    this.#gain = dbToGain(gainDb ?? 0);
    this.#receive = receive;
  }

  write(left: Float32Array, right: Float32Array, offset: number, frames: number): void {
    this.#isMono = left === right;
    if (this.#limiter === undefined) {
      this.#receive(left, right, offset, frames);
      return;
    }
    for (let index = offset; index < offset + frames; index += 1) {
      left[index] = (left[index] ?? 0) * this.#gain;
      if (right !== left) right[index] = (right[index] ?? 0) * this.#gain;
    }
    this.#limiter.process(left, right, offset, frames);
    const skipped = Math.min(this.#toSkip, frames);
    this.#toSkip -= skipped;
    if (frames > skipped) this.#receive(left, right, offset + skipped, frames - skipped);
  }

  /** Brings out what the limiter still holds. */
  finish(channels: 1 | 2): void {
    if (this.#limiter === undefined) return;
    const left = new Float32Array(LIMITER_LATENCY);
    const right = channels === 1 || this.#isMono ? left : new Float32Array(LIMITER_LATENCY);
    this.write(left, right, 0, LIMITER_LATENCY);
  }
}
