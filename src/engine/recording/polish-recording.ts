import { LoudnessMeter } from "../capture/loudness-meter.ts";
import { dbToGain } from "../media/decibels.ts";
import { LIMITER_LATENCY, Limiter } from "../playout/limiter.ts";
import { BlockLevels } from "./block-levels.ts";
import type { EncodingRehearsal } from "./encoding-rehearsal.ts";
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

/** What polishing works with. */
export type PolishContext = {
  /** 0…1. */
  readonly onProgress?: (fraction: number) => void;
  /** Tells what the sound will be like behind the sink's codec; left out where the sink keeps samples as they are. */
  readonly rehearse?: (() => EncodingRehearsal) | undefined;
};

type Level = {
  /** Before the limiter, dB. */
  readonly gainDb: number;
  /** Of the limiter, dBTP. */
  readonly ceilingDb: number;
};

/** True peak that goes into the encoder at first, dBTP: Opus adds up to 1.1 dB to speech (`npm run bench -- polish`). */
const CEILING_DB = -2;

/** What a rehearsal has to stay under, dBTP: −1 less what meters of true peak differ by. */
const MOST_PEAK_DB = -1.1;

/** Rehearsals behind the codec, and the error in loudness at which they stop, LU. */
const REHEARSALS = 3;
const HEARD_ENOUGH_LU = 0.2;

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
  { onProgress = () => undefined, rehearse }: PolishContext = {},
): Promise<PolishReport> {
  const rehearsals = rehearse === undefined ? 0 : REHEARSALS;
  const passes = settings.targetLufs === undefined ? 2 : 2 + CORRECTION_PASSES + rehearsals;
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
  const { targetLufs } = settings;
  let level: Level | undefined = targetLufs === undefined ? undefined : { gainDb: 0, ceilingDb: CEILING_DB };
  if (targetLufs !== undefined && inputLufs > -70) {
    level = { gainDb: await findGain(targetLufs, inputLufs, ranges, run), ceilingDb: CEILING_DB };
    if (rehearse !== undefined)
      level = await rehearsed({ level, targetLufs, ranges, channels: source.channels, run, rehearse });
  }
  const meter = new LoudnessMeter();
  const chain = new GainAndLimit(level, (left, right, from, frames) => {
    meter.process(left, right, from, frames);
    sink.write(left, right, from, frames);
  });
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
    gainDb: level?.gainDb ?? 0,
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
    const chain = new GainAndLimit({ gainDb, ceilingDb: CEILING_DB }, (left, right, from, frames) =>
      meter.process(left, right, from, frames),
    );
    const cutter = new RangeCutter(ranges, (left, right, from, frames) => chain.write(left, right, from, frames));
    await run((left, right, frames) => cutter.write(left, right, frames));
    const miss = targetLufs - meter.integratedLufs;
    if (Math.abs(miss) < GOOD_ENOUGH_LU || (miss > 0 && gainDb === MAX_GAIN_DB)) break;
    gainDb = Math.min(MAX_GAIN_DB, gainDb + miss);
  }
  return gainDb;
}

/** Corrects gain and ceiling until the decoded file keeps both promises: its loudness, and −1 dBTP. */
async function rehearsed(options: {
  readonly level: Level;
  readonly targetLufs: number;
  readonly ranges: readonly SampleRange[];
  readonly channels: 1 | 2;
  readonly run: Pass;
  readonly rehearse: () => EncodingRehearsal;
}): Promise<Level> {
  const { targetLufs, ranges, channels, run, rehearse } = options;
  let { level } = options;
  for (let pass = 0; pass < REHEARSALS; pass += 1) {
    const rehearsal = rehearse();
    const chain = new GainAndLimit(level, (left, right, from, frames) => rehearsal.write(left, right, from, frames));
    const cutter = new RangeCutter(ranges, (left, right, from, frames) => chain.write(left, right, from, frames));
    await run((left, right, frames) => cutter.write(left, right, frames));
    chain.finish(channels);
    const { lufs, truePeakDb } = rehearsal.finish();
    const over = Math.max(0, truePeakDb - MOST_PEAK_DB);
    const miss = targetLufs - lufs;
    const isLast = pass === REHEARSALS - 1;
    if (over === 0 && (isLast || Math.abs(miss) < HEARD_ENOUGH_LU)) break;
    level = {
      // Of two promises that contradict each other the peak is the one that is kept: what nobody hears again is not made louder.
      gainDb: Math.min(MAX_GAIN_DB, level.gainDb + (isLast ? Math.min(0, miss) : miss)),
      // The codec's answer to other samples is another one: a tenth more than what was too much.
      ceilingDb: over === 0 ? level.ceilingDb : level.ceilingDb - over - 0.1,
    };
  }
  return level;
}

/** Gain and true-peak limiter with the limiter's delay taken out: as many samples leave as came in, in place. */
class GainAndLimit {
  readonly #limiter: Limiter | undefined;
  readonly #gain: number;
  readonly #receive: (left: Float32Array, right: Float32Array, offset: number, frames: number) => void;
  #isMono = true;
  #toSkip = LIMITER_LATENCY;

  /** Without a level the samples pass as they are. */
  constructor(
    level: Level | undefined,
    receive: (left: Float32Array, right: Float32Array, offset: number, frames: number) => void,
  ) {
    this.#limiter = level && new Limiter({ ceilingDb: level.ceilingDb, releaseMs: 60 });
    this.#gain = dbToGain(level?.gainDb ?? 0);
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
