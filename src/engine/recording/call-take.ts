import { CallMix } from "./call-mix.ts";
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
  /** By the track that they are written to. */
  readonly #mixes = new Map<number, CallMix>();

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
    const mixed = plan.partOf === undefined ? undefined : this.#tracks.get(plan.partOf)?.track;
    if (plan.partOf === undefined || mixed === undefined) return;
    const start = this.#options.origin + mixed.samples;
    const mix = new CallMix(start, (position, left, right, frames) => mixed.write(position, left, right, frames));
    this.#mixes.set(plan.partOf, mix);
  }

  /** Records samples from `position` on. Rejects with VoiceError `storage-full`; what was written stays. */
  async write(trackId: number, position: number, left: Float32Array, right: Float32Array): Promise<void> {
    const open = this.#tracks.get(trackId);
    if (open === undefined) return;
    const mix = this.#mixes.get(trackId);
    if (mix === undefined) open.track.write(position, left, right, left.length);
    else mix.addOthers(position, left, right);
    await open.track.drain();
    const { partOf } = open.plan;
    if (partOf === undefined) return;
    this.#mixes.get(partOf)?.addOwn(position, left);
    await this.#tracks.get(partOf)?.track.drain();
  }

  /** Ends all tracks at the sample `end`, or with the longest of them, and completes their files. */
  async finish(end?: number): Promise<readonly TakenTrack[]> {
    for (const mix of this.#mixes.values()) mix.finish();
    this.#mixes.clear();
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
