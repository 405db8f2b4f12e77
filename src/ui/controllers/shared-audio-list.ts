import { TypedEventTarget } from "../../engine/index.ts";
import type { SharedAudio } from "./shared-audio.ts";

/** What is sent besides the microphone, whatever screen is open, until the call is left. */
export class SharedAudioList extends TypedEventTarget<{ change: object }> {
  #sources: readonly SharedAudio[] = [];

  /** In the order they were added. */
  get sources(): readonly SharedAudio[] {
    return this.#sources;
  }

  /** Takes up what `start` gives, if anything, until it ends. Rejects like `start`. */
  async add(start: (onEnd: () => void) => Promise<SharedAudio | undefined>): Promise<void> {
    let source: SharedAudio | undefined;
    let hasEnded = false;
    source = await start(() => {
      hasEnded = true;
      this.#sources = this.#sources.filter((other) => other !== source);
      this.emit("change", {});
    });
    if (source !== undefined && !hasEnded) {
      this.#sources = [...this.#sources, source];
      this.emit("change", {});
    }
  }

  /** Ends everything. */
  stopAll(): void {
    for (const source of this.#sources) {
      source.stop();
    }
  }
}
