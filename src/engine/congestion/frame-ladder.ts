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
 * durations under 20 ms ask for as much more as their overhead costs.
 */
export class FrameLadder {
  #steps: readonly LadderStep[] = STEPS;
  #hysteresis = new Hysteresis(0);
  #preferred: FrameDuration = 20;

  /** Takes the user's frame duration as the top of the ladder; starts at the top when it changed. */
  configure(preferred: FrameDuration): void {
    if (preferred === this.#preferred) return;
    this.#preferred = preferred;
    this.#hysteresis = new Hysteresis(0);
    this.#steps = STEPS.filter((step) => step.frameDuration >= preferred);
    if (preferred >= STANDARD.frameDuration) return;
    const extra = overheadRate(preferred) - overheadRate(STANDARD.frameDuration);
    const top = { ...STANDARD, frameDuration: preferred, minPathRate: STANDARD.minPathRate + extra };
    this.#steps = [top, ...STEPS];
  }

  /** The step that applies. */
  get step(): LadderStep {
    return this.#steps[this.#hysteresis.step] ?? LAST;
  }

  /** The step that applies when the path carries everything. */
  get top(): LadderStep {
    return this.#steps[0] ?? LAST;
  }

  /** Index of the step that applies, 0 = top. Setting it skips the hysteresis. */
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
