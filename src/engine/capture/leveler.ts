import { dbToGain } from "../media/decibels.ts";
import type { LevelerSettings, LevelerSpeed } from "../settings/capture-settings.ts";
import { lufsToMeanSquare, meanSquareToLufs } from "./k-weighting.ts";

/** Samples per tick. */
const TICK = 480;
/** Ticks per second. */
const TICK_RATE = 100;
/** Largest change of gain once the speaker's loudness is known, dB/s. */
const SLEW_DB: Readonly<Record<LevelerSpeed, number>> = { slow: 2, medium: 4, fast: 6 };
/** Change of gain until the loudness is right for the first time, dB/s. */
const ACQUISITION_SLEW_DB = 30;
/** Ticks of speech before which the loudness does not count as known. */
const ACQUISITION_TICKS = 100;
/** Ticks of uninterrupted voice before anything moves (120 ms). */
const CONFIRMATION_TICKS = 12;
/** Momentary loudness: ticks in 400 ms. */
const MOMENTARY_TICKS = 40;
/** Ticks over which the loudness of speech is averaged; speech only. */
const MEMORY_TICKS: Readonly<Record<LevelerSpeed, number>> = { slow: 300, medium: 120, fast: 60 };
/** Parts of speech this much quieter than its average do not count (BS.1770 relative gate), LU. */
const RELATIVE_GATE = 10;
/** Background is never raised above this, dBFS. */
const NOISE_CEILING_DB = -50.5;
/** The background gain acts fully up to this much over the noise floor and not at all 6 dB further, dB. */
const NOISE_MARGIN_DB = 6;
const NOISE_RANGE_DB = 6;
/** Return to the background gain after speech, per tick (about 150 ms). */
const REST_RELEASE = 0.07;

/** What the leveler needs to know about one tick (480 samples). */
export type LevelerInput = {
  /** Mean square of the K-weighted signal, summed over channels. */
  weightedMeanSquare: number;
  /** RMS level, dBFS. */
  levelDb: number;
  /** Tracked noise floor, dBFS. */
  noiseFloorDb: number;
  isVoice: boolean;
};

/**
 * Brings speech to a target loudness. Feed-forward: it measures the loudness of speech in front of its own gain (BS.1770
 * momentary blocks, gated, averaged over seconds) and moves the gain towards the difference, only while someone speaks.
 * Between words the gain is lowered as far as it takes to keep the background under −50 dBFS. No allocation.
 */
export class Leveler {
  #settings: LevelerSettings;
  readonly #momentary = new Float64Array(MOMENTARY_TICKS);
  #voiceTicks = 0;
  /** Ticks since voice was last confirmed, up to the length of a block: the end of a word counts with the word. */
  #sinceVoice = MOMENTARY_TICKS;
  /** Ticks since the first word of the phrase. */
  #phraseTicks = 0;
  /** Ticks of gated speech in the average. */
  #speechTicks = 0;
  /**
   * Average of the blocks' amplitudes. The standard averages power; over so few seconds that leaves the gain behind a voice
   * that falls, because its last loud words weigh most.
   */
  #speechAmplitude = 0;
  /** Nobody has heard this voice at the right loudness yet. */
  #isAcquiring = true;
  #gainDb = 0;
  /** 0 = speech … 1 = background. */
  #rest = 0;
  /** Gain at the end of the last block, and of this one. */
  #appliedGain = 1;
  #reachedGain = 1;
  #targetGain = 1;
  #momentaryLufs = -120;
  #speechLufs = -120;
  /** How much lower than speech the background is kept, ≤ 0 dB. */
  #restGainDb = 0;

  constructor(settings: LevelerSettings) {
    this.#settings = settings;
  }

  /** Gain at the end of the last block, dB. */
  get gainDb(): number {
    return 20 * Math.log10(this.#appliedGain);
  }

  /** Loudness of the speaker in front of the gain, LUFS; −120 before the first speech. */
  get speechLufs(): number {
    return this.#speechLufs;
  }

  /** Momentary loudness in front of the gain, LUFS. */
  get momentaryLufs(): number {
    return this.#momentaryLufs;
  }

  /** New settings, live; the gain moves on from where it is. */
  configure(settings: LevelerSettings): void {
    this.#settings = settings;
  }

  /** Takes one tick and chooses the gain for it. */
  update(input: LevelerInput): void {
    this.#measure(input);
    this.#follow(input.isVoice);
    this.#lowerBackground(input);
    this.#targetGain = this.#settings.isEnabled ? dbToGain(this.#gainDb + this.#restGainDb) : 1;
  }

  /** Applies the gain in place, ramped over one tick. */
  process(left: Float32Array, right: Float32Array, frames: number, channels: number): void {
    const start = this.#appliedGain;
    const end = start + ((this.#targetGain - start) * frames) / TICK;
    this.#reachedGain = frames === TICK ? this.#targetGain : end;
    if (start === 1 && this.#reachedGain === 1) return;
    this.#ramp(left, frames);
    if (channels > 1) this.#ramp(right, frames);
    this.#appliedGain = this.#reachedGain;
  }

  /** Forgets the speaker. */
  reset(): void {
    this.#momentary.fill(0);
    this.#voiceTicks = 0;
    this.#sinceVoice = MOMENTARY_TICKS;
    this.#phraseTicks = 0;
    this.#speechTicks = 0;
    this.#speechAmplitude = 0;
    this.#speechLufs = -120;
    this.#isAcquiring = true;
    this.#gainDb = 0;
    this.#rest = 0;
    this.#appliedGain = 1;
    this.#targetGain = 1;
  }

  /** Momentary loudness, and the average over speech. */
  #measure({ weightedMeanSquare, isVoice }: LevelerInput): void {
    this.#momentary.copyWithin(1, 0, MOMENTARY_TICKS - 1);
    this.#momentary[0] = weightedMeanSquare;
    this.#voiceTicks = isVoice ? this.#voiceTicks + 1 : 0;
    if (this.#voiceTicks >= CONFIRMATION_TICKS) this.#sinceVoice = 0;
    else if (this.#sinceVoice < MOMENTARY_TICKS) this.#sinceVoice++;
    this.#phraseTicks = this.#sinceVoice < MOMENTARY_TICKS ? Math.max(this.#phraseTicks + 1, CONFIRMATION_TICKS) : 0;
    this.#momentaryLufs = meanSquareToLufs(this.#mean(MOMENTARY_TICKS));
    if (this.#phraseTicks === 0) return;
    // A voice that has just begun is not averaged with the silence before it; afterwards blocks are those of the standard.
    const block = this.#mean(this.#isAcquiring ? Math.min(this.#phraseTicks, MOMENTARY_TICKS) : MOMENTARY_TICKS);
    const gate = this.#speechAmplitude ** 2 * 10 ** (-RELATIVE_GATE / 10);
    if (block < gate || block < lufsToMeanSquare(-70)) return;
    this.#speechTicks = Math.min(this.#speechTicks + 1, MEMORY_TICKS[this.#settings.speed]);
    this.#speechAmplitude += (Math.sqrt(block) - this.#speechAmplitude) / this.#speechTicks;
    this.#speechLufs = meanSquareToLufs(this.#speechAmplitude ** 2);
  }

  #mean(ticks: number): number {
    let sum = 0;
    for (let i = 0; i < ticks; i++) sum += this.#momentary[i] as number;
    return sum / ticks;
  }

  /** Moves the gain towards the target, on confirmed speech only. */
  #follow(isVoice: boolean): void {
    if (!isVoice || this.#voiceTicks < CONFIRMATION_TICKS || this.#speechTicks === 0) return;
    const { targetLufs, maxBoostDb, maxCutDb, speed } = this.#settings;
    const wanted = Math.max(-maxCutDb, Math.min(maxBoostDb, targetLufs - this.#speechLufs));
    const slew = (this.#isAcquiring ? ACQUISITION_SLEW_DB : SLEW_DB[speed]) / TICK_RATE;
    this.#gainDb += Math.max(-slew, Math.min(slew, wanted - this.#gainDb));
    const isThere = Math.abs(wanted - this.#gainDb) < 1;
    if (isThere && this.#speechTicks >= ACQUISITION_TICKS) this.#isAcquiring = false;
  }

  /** Chooses {@link #restGainDb}. */
  #lowerBackground({ levelDb, noiseFloorDb }: LevelerInput): void {
    const allowed = Math.max(0, NOISE_CEILING_DB - noiseFloorDb);
    const excess = Math.max(0, this.#gainDb - allowed);
    const over = levelDb - noiseFloorDb - NOISE_MARGIN_DB;
    const wanted = Math.max(0, Math.min(1, 1 - over / NOISE_RANGE_DB));
    this.#rest = wanted < this.#rest ? wanted : this.#rest + (wanted - this.#rest) * REST_RELEASE;
    this.#restGainDb = -excess * this.#rest;
  }

  #ramp(samples: Float32Array, frames: number): void {
    let gain = this.#appliedGain;
    const step = (this.#reachedGain - gain) / frames;
    for (let i = 0; i < frames; i++) {
      gain += step;
      samples[i] = (samples[i] as number) * gain;
    }
  }
}
