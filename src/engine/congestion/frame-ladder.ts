import type { Milliseconds } from "../media/units.ts";
import type { FrameDuration } from "../settings/encoder-settings.ts";
import { Hysteresis } from "./hysteresis.ts";

/** Bytes around each packet's payload: IP, UDP, DTLS, SCTP and our header (measured in Chromium). */
export const PACKET_OVERHEAD_BYTES = 117;
/** A rate must exceed a step's limit by this factor to go up, and fall under limit ÷ factor to go down. */
const MARGIN = 1.15;

/** One step: the frame duration, the path rate it needs, and the most the encoder may spend in it. */
export interface LadderStep {
  readonly frameDuration: FrameDuration;
  /** Frames that travel in one packet: the headers and acknowledgements of a packet cost more than a frame at low rates. */
  readonly framesPerPacket: 1 | 2;
  readonly minPathRate: number;
  readonly maxBitrate: number;
  readonly dtx: boolean;
}

const STANDARD: LadderStep = {
  frameDuration: 20,
  framesPerPacket: 1,
  minPathRate: 90_000,
  maxBitrate: 510_000,
  dtx: false,
};
/** Frames shorter than those the user chose: half as long to wait for each, and for each copy. */
const SHORT_FRAME = 10;
const LAST: LadderStep = { frameDuration: 60, framesPerPacket: 2, minPathRate: 0, maxBitrate: 14_000, dtx: true };
const STEPS: readonly LadderStep[] = [
  STANDARD,
  { frameDuration: 40, framesPerPacket: 1, minPathRate: 55_000, maxBitrate: 32_000, dtx: false },
  { frameDuration: 60, framesPerPacket: 1, minPathRate: 35_000, maxBitrate: 24_000, dtx: false },
  LAST,
];

/** Overhead in bit/s of packets of `packetMs` ms. */
export function overheadRate(packetMs: number): number {
  return (PACKET_OVERHEAD_BYTES * 8 * 1000) / packetMs;
}

/**
 * Frame duration by path rate: the packet rate is the strongest lever on the bit rate. The user's own duration is the top step;
 * durations under 20 ms ask for as much more as their overhead costs. Above 20 ms stands one step more, for calls of two: frames of 10 ms
 * where the path carries them with all copies.
 */
export class FrameLadder {
  #steps: readonly LadderStep[] = STEPS;
  /** The step above the user's own, if there is one: index 0, and out of reach unless it is allowed. */
  #short: { -readonly [Key in keyof LadderStep]: LadderStep[Key] } | undefined;
  #mayShorten = false;
  #hysteresis = new Hysteresis(0);
  #preferred: FrameDuration | undefined;

  constructor() {
    this.configure(STANDARD.frameDuration);
  }

  /** Takes the user's frame duration as the top of the ladder; starts at the top when it changed. */
  configure(preferred: FrameDuration): void {
    if (preferred === this.#preferred) return;
    this.#preferred = preferred;
    this.#steps = STEPS.filter((step) => step.frameDuration >= preferred);
    this.#short = undefined;
    if (preferred === STANDARD.frameDuration) {
      this.#short = { ...STANDARD, frameDuration: SHORT_FRAME, minPathRate: Number.POSITIVE_INFINITY };
      this.#steps = [this.#short, ...STEPS];
    } else if (preferred < STANDARD.frameDuration) {
      const extra = overheadRate(preferred) - overheadRate(STANDARD.frameDuration);
      const top = { ...STANDARD, frameDuration: preferred, minPathRate: STANDARD.minPathRate + extra };
      this.#steps = [top, ...STEPS];
    }
    this.#hysteresis = new Hysteresis(this.#preferredIndex);
  }

  /** Whether frames may be shorter than the user's own 20 ms, where the path carries speech of `bitrate` bit/s and `copies` of it. */
  allowShort(mayShorten: boolean, bitrate: number, copies: number): void {
    this.#mayShorten = mayShorten;
    const { minPathRate } = STANDARD;
    if (this.#short === undefined) return;
    const needed = Math.max(minPathRate, overheadRate(SHORT_FRAME) + bitrate * (1 + copies));
    this.#short.minPathRate = mayShorten ? needed : Number.POSITIVE_INFINITY;
  }

  /** The step that applies. */
  get step(): LadderStep {
    return this.#steps[this.#hysteresis.step] ?? LAST;
  }

  /** The step that applies when the path carries everything. */
  get top(): LadderStep {
    return this.#steps[this.#short !== undefined && !this.#mayShorten ? 1 : 0] ?? LAST;
  }

  /** The step of the user's own frame duration. */
  get #preferredIndex(): number {
    return this.#short === undefined ? 0 : 1;
  }

  /** Index of the step that applies, 0 = shortest frames. Setting it skips the hysteresis. */
  get position(): number {
    return this.#hysteresis.step;
  }

  set position(position: number) {
    this.#hysteresis.reset(position);
  }

  /** Begins with the step for a path rate that is known, bit/s. */
  start(pathRate: number): void {
    this.#hysteresis.reset(this.#needed(pathRate));
  }

  /** Follows the path rate (bit/s, all overhead); a proven one at once. Returns whether the step changed. */
  update(pathRate: number, now: Milliseconds, isProven = false): boolean {
    const needed = this.#needed(pathRate);
    const safe = this.#steps.findIndex((step) => pathRate >= step.minPathRate * MARGIN);
    if (isProven && safe < this.#hysteresis.step) return this.#hysteresis.raise(safe, now);
    return this.#hysteresis.update(needed, safe, now);
  }

  #needed(pathRate: number): number {
    return this.#steps.findIndex((step) => pathRate * MARGIN >= step.minPathRate);
  }
}
