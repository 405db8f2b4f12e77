import { powerToDb } from "../media/decibels.ts";
import { SAMPLE_RATE } from "../media/units.ts";

/** Samples kept per channel: the longest pre-roll (300 ms), a frame of 60 ms and a block, rounded up to a power of two. */
const CAPACITY = 32_768;
const MASK = CAPACITY - 1;
/** Fade when the user closes the gate: as fast as a fade can be without a click, ms. */
const SEAL_FADE_MS = 5;
/** Shortest fade-in, ms. */
const SHORTEST_FADE_MS = 1;
/** The seal's fade as change of the gain per sample. */
const SEAL_STEP = fadeStep(SEAL_FADE_MS);
/** Fade around a gap and around a change of encoder, samples (5 ms). */
const EDGE_FADE = 240;

/** Fade times of the gate, ms, and the pre-roll, samples. */
export type TransmitSettings = {
  readonly attackMs: number;
  readonly releaseMs: number;
  readonly preRollSamples: number;
};

/**
 * Processed audio on its way to the encoder, with the gate. While the gate waits for a voice, the reader stays a pre-roll
 * behind the writer and reads silence; when the gate opens, the reader catches up at once and so sends what came before
 * the decision, at its true time: positions are capture times and never jump. No allocation after construction.
 */
export class TransmitBuffer {
  readonly #left = new Float32Array(CAPACITY);
  readonly #right = new Float32Array(CAPACITY);
  #written = 0;
  #read = 0;
  /** Samples before this position belong to a time when the user did not want to be heard. */
  #sealedUntil = 0;
  #isOpen = false;
  #isSealed = false;
  #keepsPreRoll = false;
  #preRoll = 0;
  #attackStep = 1;
  #releaseStep = 1;
  #gapStart = 0;
  #gapEnd = 0;
  /** The gap before that, while it is not over. */
  #olderStart = 0;
  #olderEnd = 0;
  #gain = 0;
  #isSpurtPending = false;
  #isSpurtStart = false;
  #isSilent = true;
  /** Whether the reader is behind for the sake of a pre-roll, not because frames and blocks differ in length. */
  #isBehind = false;
  #heldBack = 0;
  #levelDb = -120;

  constructor(settings: TransmitSettings) {
    this.configure(settings);
  }

  /** Capture position of the next sample to be written, samples since the start. */
  get position(): number {
    return this.#written;
  }

  /** Capture position of the next frame's first sample. */
  get readPosition(): number {
    return this.#read;
  }

  /** Whether the last frame is the first after the gate opened. */
  get isSpurtStart(): boolean {
    return this.#isSpurtStart;
  }

  /** Whether the gate silenced all of the last frame. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** Whether the reader stays a pre-roll behind the writer from now on. */
  get isHoldingBack(): boolean {
    return this.#keepsPreRoll && !this.#isOpen && !this.#isSealed && this.#gain === 0;
  }

  /** For how long the last frame was held back for the sake of a pre-roll, samples. */
  get heldBackSamples(): number {
    return this.#heldBack;
  }

  /** RMS level of the last frame, dBFS. */
  get levelDb(): number {
    return this.#levelDb;
  }

  /** New fade times and pre-roll, live. */
  configure({ attackMs, releaseMs, preRollSamples }: TransmitSettings): void {
    this.#attackStep = fadeStep(attackMs);
    this.#releaseStep = fadeStep(releaseMs);
    this.#preRoll = preRollSamples;
  }

  /** The gate from now on. `isSealed`: the user closed it; nothing said before it opens again may be sent. */
  setGate(isOpen: boolean, isSealed: boolean, keepsPreRoll: boolean): void {
    if (isOpen && !this.#isOpen && this.#gain === 0) this.#isSpurtPending = true;
    this.#isOpen = isOpen;
    this.#isSealed = isSealed;
    this.#keepsPreRoll = keepsPreRoll;
    if (isSealed) this.#sealedUntil = this.#written;
  }

  /**
   * Silences the samples between two positions not yet read, with a fade of 5 ms on either side: hides a change of the
   * signal that cannot be made continuous.
   */
  silence(from: number, to: number): void {
    const isPending = this.#read < this.#gapEnd + EDGE_FADE;
    if (isPending && this.#read < this.#olderEnd + EDGE_FADE) {
      this.#gapEnd = to;
      return;
    }
    if (isPending) {
      this.#olderStart = this.#gapStart;
      this.#olderEnd = this.#gapEnd;
    }
    this.#gapStart = from;
    this.#gapEnd = to;
  }

  /** Appends a block. */
  write(left: Float32Array, right: Float32Array, frames: number): void {
    for (let i = 0; i < frames; i++) {
      const at = (this.#written + i) & MASK;
      this.#left[at] = left[i] as number;
      this.#right[at] = right[i] as number;
    }
    this.#written += frames;
    // Nobody reads when the encoder fails; the oldest audio is then given up.
    if (this.#written - this.#read > CAPACITY) this.#read = this.#written - CAPACITY;
  }

  /** Whether a frame can be read now. */
  isReady(frameSamples: number): boolean {
    const available = this.#written - this.#read;
    if (available < frameSamples) this.#isBehind = false;
    else if (this.isHoldingBack) this.#isBehind = this.#preRoll > 0;
    return available >= frameSamples + (this.isHoldingBack ? this.#preRoll : 0);
  }

  /** Reads one frame through the gate into `into`, interleaved. Call only when it is ready. */
  read(into: Float32Array, frameSamples: number, channels: number): void {
    this.#isSpurtStart = false;
    this.#isSilent = true;
    let gain = this.#gain;
    let energy = 0;
    for (let i = 0; i < frameSamples; i++) {
      const position = this.#read + i;
      const isOpen = this.#isOpen && position >= this.#sealedUntil;
      if (isOpen) gain = Math.min(1, gain + this.#attackStep);
      else if (gain > 0) {
        gain -= position < this.#sealedUntil ? SEAL_STEP : this.#releaseStep;
        if (gain < 0) gain = 0;
      }
      if (gain > 0) this.#isSilent = false;
      const at = position & MASK;
      const left = (this.#left[at] as number) * gain;
      energy += left * left;
      if (channels === 1) {
        into[i] = left;
        continue;
      }
      const right = (this.#right[at] as number) * gain;
      energy += right * right;
      into[2 * i] = left;
      into[2 * i + 1] = right;
    }
    this.#gain = gain;
    if (this.#read < this.#olderEnd + EDGE_FADE) {
      this.#applyGap(into, frameSamples, channels, this.#olderStart, this.#olderEnd);
    }
    if (this.#read < this.#gapEnd + EDGE_FADE) {
      this.#applyGap(into, frameSamples, channels, this.#gapStart, this.#gapEnd);
    }
    this.#read += frameSamples;
    this.#heldBack = this.#isBehind ? this.#written - this.#read : 0;
    this.#levelDb = powerToDb(energy / (frameSamples * channels));
    if (!this.#isSilent && this.#isSpurtPending) {
      this.#isSpurtStart = true;
      this.#isSpurtPending = false;
    }
  }

  /** Forgets all audio; positions go on. */
  reset(): void {
    this.#read = this.#written;
    this.#gain = 0;
    this.#isOpen = false;
    this.#isSpurtPending = false;
  }

  #applyGap(into: Float32Array, frameSamples: number, channels: number, start: number, end: number): void {
    for (let i = 0; i < frameSamples; i++) {
      const position = this.#read + i;
      const outside = Math.max(start - position, position - end);
      if (outside >= EDGE_FADE) continue;
      const gain = outside <= 0 ? 0 : outside / EDGE_FADE;
      for (let channel = 0; channel < channels; channel++) {
        const at = i * channels + channel;
        into[at] = (into[at] as number) * gain;
      }
    }
  }
}

/** Fades the end (`direction` −1) or the start (+1) of an interleaved frame in place. */
export function fadeEdge(frame: Float32Array, frameSamples: number, channels: number, direction: -1 | 1): void {
  const length = Math.min(EDGE_FADE, frameSamples);
  for (let i = 0; i < length; i++) {
    const sample = direction > 0 ? i : frameSamples - 1 - i;
    for (let channel = 0; channel < channels; channel++) {
      const at = sample * channels + channel;
      frame[at] = ((frame[at] as number) * i) / length;
    }
  }
}

function fadeStep(milliseconds: number): number {
  return 1000 / (Math.max(SHORTEST_FADE_MS, milliseconds) * SAMPLE_RATE);
}
