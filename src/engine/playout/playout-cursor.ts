import type { Samples } from "../media/units.ts";

/** Where a stream stands at the end of its audio ahead. One mutable object, shared by the parts of the player. */
export interface PlayoutCursor {
  /** Whether the first frame was played; before it, the earliest frame that is here is the next one. */
  isPlaying: boolean;
  /** Unwrapped sequence number of the next frame; frames below it are over. */
  next: number;
  /** Unwrapped media time at the end of the audio ahead, which is where the next frame is expected. */
  end: Samples;
  /** Length of the newest frame. */
  frameSamples: Samples;
  /** Samples inserted by expansion since the newest frame, while the next one was awaited and before anything was made up. */
  waited: Samples;
  /** Of the samples made up since the newest frame, inserted ones included: those that no lost frame accounts for yet. */
  concealed: Samples;
  /** Samples made up since the newest frame, inserted ones not included, and media time lost meanwhile. */
  madeUp: Samples;
  lost: Samples;
  /** Whether the sender said with its newest frame that it goes silent (DTX). */
  isSilent: boolean;
}

/** A cursor before the first frame. */
export function createPlayoutCursor(): PlayoutCursor {
  return {
    isPlaying: false,
    next: 0,
    end: 0,
    frameSamples: 960,
    waited: 0,
    concealed: 0,
    madeUp: 0,
    lost: 0,
    isSilent: true,
  };
}
