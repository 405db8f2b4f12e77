/** What a finished track holds. */
export type TrackSummary = {
  /** Samples at 48 kHz per channel. */
  readonly samples: number;
  readonly bytes: number;
};

/** Turns a track's samples into a file. Window or worker thread, never the audio thread. */
export interface TrackSink {
  /** Appends `frames` samples at 48 kHz from `offset`; a mono sink takes the left channel. */
  write(left: Float32Array, right: Float32Array, offset: number, frames: number): void;
  /**
   * Waits until what was written is in the file.
   *
   * @throws {VoiceError} `storage-full` once the quota is used up: what the file holds by then stays valid
   */
  drain(): Promise<void>;
  /** Completes the file, as far as its storage went, and closes it. */
  finish(): Promise<TrackSummary>;
}
