import type { Samples } from "../media/units.ts";
import type { ReceiveStatistics } from "./receive-statistics.ts";

/**
 * Where a stream stands at the end of its audio ahead: the next frame, its media time, and what was made up since the newest frame.
 * Shared by the parts of the player. No allocation.
 */
export class PlayoutCursor {
  /** Whether the first frame was played; before it, the earliest frame that is here is the next one. */
  isPlaying = false;
  /** Unwrapped sequence number of the next frame; frames below it are over. */
  next = 0;
  /** Unwrapped media time at the end of the audio ahead, which is where the next frame is expected. */
  end: Samples = 0;
  /** Length of the newest frame. */
  frameSamples: Samples = 960;
  /** Samples inserted by expansion since the newest frame, while the next one was awaited and before anything was made up. */
  waited: Samples = 0;
  /** Of the samples made up since the newest frame, inserted ones included: those that no lost frame accounts for yet. */
  concealed: Samples = 0;
  /** Whether the sender said with its newest frame that it goes silent (DTX). */
  isSilent = true;
  /** Samples made up since the newest frame, inserted ones not included, and media time lost meanwhile. */
  #madeUp: Samples = 0;
  #lost: Samples = 0;

  /** Whether no frame was lost since the newest one. */
  get isUnbroken(): boolean {
    return this.#lost === 0;
  }

  /** Counts made-up audio. The first of it takes what was inserted before into the same gap. */
  makeUp(samples: Samples): void {
    this.includeWait();
    this.concealed += samples;
    this.#madeUp += samples;
  }

  /** What was inserted while waiting belongs to the gap from now on. */
  includeWait(): void {
    if (this.#madeUp === 0 && this.#lost === 0) this.concealed += this.waited;
  }

  /** The next frame is lost and took `samples`. */
  lose(samples: Samples): void {
    this.next++;
    this.end += samples;
    this.#lost += samples;
  }

  /** Goes on behind a frame that ends at media time `end`. */
  pass(sequence: number, end: Samples): void {
    this.next = sequence + 1;
    this.end = end;
  }

  /**
   * The stream goes on with a frame. What was inserted while it was awaited took the place of lost frames as far as made-up audio did
   * not: that part was concealment; the rest slowed the stream down.
   */
  settle(statistics: ReceiveStatistics): void {
    const replaced = Math.min(this.waited, Math.max(0, this.#lost - this.#madeUp));
    statistics.concealedSamples += replaced;
    statistics.insertedSamplesForDeceleration += this.waited - replaced;
    this.clearGap();
  }

  /** Forgets what was made up. */
  clearGap(): void {
    this.waited = 0;
    this.concealed = 0;
    this.#madeUp = 0;
    this.#lost = 0;
  }

  /** Before the first frame, or after the stream broke off. */
  stop(): void {
    this.isPlaying = false;
    this.clearGap();
  }
}
