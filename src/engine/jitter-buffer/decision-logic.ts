import { millisecondsToSamples, type Samples } from "../media/units.ts";

/**
 * What there is for the end of the audio ahead:
 * - `frame`: the next frame, due right there
 * - `late-frame`: a frame, part of whose time was concealed already
 * - `copy`: in-band FEC or deep redundancy for the missing frame; `late-copy` the same, partly concealed already
 * - `gap`: the next frame in sequence, but its time is still to come: the sender was silent
 * - `missing`: later frames only
 * - `nothing`: no frame at all
 */
export type Source = "frame" | "late-frame" | "copy" | "late-copy" | "gap" | "missing" | "nothing";

/** Everything a decision depends on. One mutable object, reused. Times in samples. */
export interface Situation {
  source: Source;
  /** Audio ahead, and how much of it the caller needs now. */
  future: Samples;
  needed: Samples;
  /** Delay at the end of the audio ahead, above the target. */
  excess: Samples;
  /** For a gap: time until its frame should be played. */
  untilDue: Samples;
  /** Whether what was heard last is background noise. */
  isBackground: boolean;
  /** Whether the sender said that it goes silent (DTX). */
  isSilent: boolean;
  /** Whether the end of the audio ahead was not tried for expansion yet. */
  canExpand: boolean;
  /** Whether the audio ahead was not tried for acceleration just now. */
  canAccelerate: boolean;
  /** Samples inserted since the last frame while waiting for the next one, and how many may be. */
  waited: Samples;
  waitLimit: Samples;
  /** Since the last change of speed. */
  sinceStretch: Samples;
}

/**
 * - `wait`: enough audio is ahead
 * - `decode`, `recover`: append the frame, or its copy; `join`, `join-copy` the same over audio concealed already
 * - `expand`, `accelerate`: change the length of the audio ahead
 * - `noise`: comfort noise until the next frame is due
 * - `conceal`: make up audio; time spent waiting for a missing frame counts as a part of it
 */
export type Operation =
  | "wait"
  | "decode"
  | "recover"
  | "join"
  | "join-copy"
  | "expand"
  | "accelerate"
  | "noise"
  | "conceal";

/** Audio ahead below which the end is about to be heard: the next quantum would leave no room for a cross-fade of 1.3 ms. */
export const TAIL = 64;
/** Audio ahead that makes removing a period worthwhile: the longest period, a cross-fade and a quantum. */
const ACCELERATE_FUTURE = millisecondsToSamples(20);

/** Excess delay that is left alone, in speech and in background. Half a typical pitch period; a removal would overshoot. */
const SPEECH_TOLERANCE = millisecondsToSamples(5);
const BACKGROUND_TOLERANCE = millisecondsToSamples(1);
/** Excess delay from which speed is worth more than smoothness. */
const HURRY = millisecondsToSamples(40);
/** Least time between two changes of speed in speech: NetEQ's 50 ms, less in a hurry. */
const SPEECH_SPACING = millisecondsToSamples(50);
const HURRY_SPACING = millisecondsToSamples(25);
/** Lack of delay which is filled in speech without need; less than a lack is left to background and to need. */
const LACK = millisecondsToSamples(10);
const LACK_SPACING = millisecondsToSamples(100);

/** Chooses what to do next for a stream. A pure function of the situation. */
export function decide(situation: Situation): Operation {
  const { source, future, needed } = situation;
  if (source === "late-frame") return "join";
  if (source === "late-copy" && future < needed) return "join-copy";
  if (future < needed + TAIL && future >= TAIL && shouldExpand(situation)) return "expand";
  if (future < needed) return decideNeeded(situation);
  if (shouldAccelerate(situation)) {
    if (source === "frame" && future < needed + ACCELERATE_FUTURE) return "decode";
    if (future >= ACCELERATE_FUTURE) return "accelerate";
  }
  return "wait";
}

/** Whether what is ahead is played faster than in real time, or in a hurry. */
export function isInHurry(excess: Samples): boolean {
  return excess > HURRY;
}

function decideNeeded(situation: Situation): Operation {
  switch (situation.source) {
    case "frame":
      return "decode";
    case "copy":
      return "recover";
    case "gap":
      return situation.untilDue > 0 ? "noise" : "decode";
    default:
      return situation.isSilent ? "noise" : "conceal";
  }
}

function shouldExpand(situation: Situation): boolean {
  if (!situation.canExpand) return false;
  switch (situation.source) {
    case "missing":
    case "nothing":
      return !situation.isSilent && situation.waited < situation.waitLimit;
    case "frame":
      if (situation.isBackground) return situation.excess < -BACKGROUND_TOLERANCE * 3;
      return situation.excess < -LACK && situation.sinceStretch > LACK_SPACING;
    default:
      return false;
  }
}

function shouldAccelerate(situation: Situation): boolean {
  const { excess, isBackground, sinceStretch } = situation;
  if (!situation.canAccelerate || situation.source === "gap" || situation.source === "missing") return false;
  if (isBackground) return excess > BACKGROUND_TOLERANCE + 120;
  return excess > SPEECH_TOLERANCE && sinceStretch > (isInHurry(excess) ? HURRY_SPACING : SPEECH_SPACING);
}
