import { type OpenedTrack, openTrack } from "./open-track.ts";
import type { RecordingFile } from "./recording-file.ts";
import type { TakenTrack, TrackPlan } from "./recording-messages.ts";
import type { RecordingModules } from "./recording-modules.ts";
import { takenTrack } from "./taken-track.ts";

/** What a {@link CallTake} is made of. */
export type CallTakeOptions = {
  /** Position of the recording's first sample on the playout clock, samples at 48 kHz. */
  readonly origin: number;
  readonly modules: Pick<RecordingModules, "core">;
  readonly openFile: (name: string) => Promise<RecordingFile>;
};

/**
 * A call while it is recorded: any number of tracks on one time base. A track that comes late begins with silence, one that
 * goes early ends with it, so all files can be laid over each other. Worker thread or Node.
 */
export class CallTake {
  readonly #options: CallTakeOptions;
  readonly #tracks = new Map<number, OpenedTrack & { readonly plan: TrackPlan }>();

  constructor(options: CallTakeOptions) {
    this.#options = options;
  }

  /** Length of the longest track so far, in samples. */
  get samples(): number {
    return Math.max(0, ...[...this.#tracks.values()].map(({ track }) => track.samples));
  }

  /** Opens one more track. Rejects with VoiceError `storage-full`. */
  async addTrack(trackId: number, plan: TrackPlan): Promise<void> {
    const opened = await openTrack({ plan, ...this.#options });
    this.#tracks.set(trackId, { ...opened, plan });
  }

  /** Records samples from `position` on. Rejects with VoiceError `storage-full`; what was written stays. */
  async write(trackId: number, position: number, left: Float32Array, right: Float32Array): Promise<void> {
    const track = this.#tracks.get(trackId)?.track;
    track?.write(position, left, right, left.length);
    await track?.drain();
  }

  /** Ends all tracks at the sample `end`, or with the longest of them, and completes their files. */
  async finish(end?: number): Promise<readonly TakenTrack[]> {
    const last = Math.max(end ?? 0, this.#options.origin + this.samples);
    const taken: TakenTrack[] = [];
    for (const { plan, file, track } of this.#tracks.values()) {
      track.padTo(last);
      taken.push(takenTrack(plan, file, await track.finish()));
    }
    this.#tracks.clear();
    return taken;
  }
}
