import { SileroFrames } from "../capture/silero-frames.ts";
import { AUDIO_BLOCK_MAX_FRAMES, AudioBlockRecord } from "../shared-memory/audio-block-record.ts";
import type { PacketReader } from "../shared-memory/packet-pipe.ts";
import { watchPackets } from "../shared-memory/packet-watch.ts";
import type { SileroModel, SileroState } from "./vad-session.ts";

/** One capture node's audio on its way through the model. Lives in the vad worker. */
export class VadStream {
  readonly #model: SileroModel;
  readonly #reader: PacketReader;
  readonly #report: (probability: number) => void;
  readonly #frames = new SileroFrames();
  readonly #state: SileroState;
  readonly #record = new AudioBlockRecord();
  readonly #left = new Float32Array(AUDIO_BLOCK_MAX_FRAMES);
  readonly #right = new Float32Array(AUDIO_BLOCK_MAX_FRAMES);
  readonly #stopWatching: () => void;
  #isBusy = false;
  #isClosed = false;

  /** @param report takes the probability of each 32 ms, in order */
  constructor(model: SileroModel, reader: PacketReader, report: (probability: number) => void) {
    this.#model = model;
    this.#reader = reader;
    this.#report = report;
    this.#state = model.createState();
    this.#stopWatching = watchPackets(reader, () => void this.#drain());
  }

  /** Ends it; no verdict comes after. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stopWatching();
    this.#reader.close();
  }

  /** Takes everything that waits. A call while another one runs leaves the work to that one. */
  async #drain(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      for (let length = this.#next(); length > 0; length = this.#next()) {
        const frames = this.#record.read(length, this.#left, this.#right);
        await this.#feed(frames);
      }
    } finally {
      this.#isBusy = false;
    }
  }

  #next(): number {
    return this.#isClosed ? 0 : this.#reader.read(this.#record.bytes);
  }

  async #feed(frames: number): Promise<void> {
    for (let i = 0; i < frames; i++) this.#left[i] = 0.5 * ((this.#left[i] ?? 0) + (this.#right[i] ?? 0));
    let at = 0;
    while (at < frames) {
      at = this.#frames.push(this.#left, at, frames);
      if (!this.#frames.isComplete) continue;
      const probability = await this.#model.probability(this.#frames.window, this.#state);
      if (!this.#isClosed) this.#report(probability);
    }
  }
}
