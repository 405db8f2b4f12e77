import { SileroFrames } from "../capture/silero-frames.ts";
import { AUDIO_BLOCK_MAX_FRAMES, AudioBlockRecord } from "../shared-memory/audio-block-record.ts";
import type { PacketReader } from "../shared-memory/packet-pipe.ts";
import { watchPackets } from "../shared-memory/packet-watch.ts";
import type { SileroModel, SileroState } from "./vad-session.ts";

/** Windows that may wait for the model, 32 ms each. After two seconds the oldest are of no use to anybody. */
const MOST_WAITING = 64;

/**
 * One capture node's audio on its way through the model. Lives in the vad worker. What arrives is taken at once, also while the
 * model is at work: who watches a ring must empty it before the watch goes on.
 */
export class VadStream {
  readonly #model: SileroModel;
  readonly #reader: PacketReader;
  readonly #report: (probability: number) => void;
  readonly #frames = new SileroFrames();
  readonly #state: SileroState;
  readonly #record = new AudioBlockRecord();
  readonly #left = new Float32Array(AUDIO_BLOCK_MAX_FRAMES);
  readonly #right = new Float32Array(AUDIO_BLOCK_MAX_FRAMES);
  readonly #waiting: Float32Array[] = [];
  readonly #stopWatching: () => void;
  #isBusy = false;
  #isClosed = false;

  /** @param report takes the probability of each 32 ms, in order */
  constructor(model: SileroModel, reader: PacketReader, report: (probability: number) => void) {
    this.#model = model;
    this.#reader = reader;
    this.#report = report;
    this.#state = model.createState();
    this.#stopWatching = watchPackets(reader, () => this.#take());
  }

  /** Ends it; no verdict comes after. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stopWatching();
    this.#reader.close();
  }

  /** Takes everything that waits in the pipe. */
  #take(): void {
    for (let length = this.#next(); length > 0; length = this.#next()) {
      this.#cut(this.#record.read(length, this.#left, this.#right));
    }
    if (!this.#isBusy && this.#waiting.length > 0) void this.#judge();
  }

  #next(): number {
    return this.#isClosed ? 0 : this.#reader.read(this.#record.bytes);
  }

  #cut(frames: number): void {
    for (let i = 0; i < frames; i++) this.#left[i] = 0.5 * ((this.#left[i] ?? 0) + (this.#right[i] ?? 0));
    let at = 0;
    while (at < frames) {
      at = this.#frames.push(this.#left, at, frames);
      if (!this.#frames.isComplete) continue;
      if (this.#waiting.length === MOST_WAITING) this.#waiting.shift();
      this.#waiting.push(this.#frames.window.slice());
    }
  }

  /** Lets the model judge window after window: one at a time, because each verdict depends on the one before. */
  async #judge(): Promise<void> {
    this.#isBusy = true;
    try {
      for (let window = this.#waiting.shift(); window !== undefined; window = this.#waiting.shift()) {
        if (this.#isClosed) return;
        const probability = await this.#model.probability(window, this.#state);
        if (!this.#isClosed) this.#report(probability);
      }
    } finally {
      this.#isBusy = false;
    }
  }
}
