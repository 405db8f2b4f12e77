import type { Settings } from "../../engine/index.ts";

/** Changes of the same control closer together than this are one step, ms: a drag is undone as a whole. */
const MERGE_WITHIN_MS = 1000;

/** Steps that can be taken back. */
const MAX_STEPS = 100;

/** Past and future of the settings document. Documents are immutable, so a step is a reference. */
export class SettingsHistory {
  readonly #past: Settings[] = [];
  readonly #future: Settings[] = [];
  #lastKey = "";
  #lastAt = Number.NEGATIVE_INFINITY;

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** Notes the document as it was `before` a change at time `now` (ms); `key` names what was changed. */
  record(before: Settings, key: string, now: number): void {
    this.#future.length = 0;
    const isSameGesture = key === this.#lastKey && now - this.#lastAt < MERGE_WITHIN_MS;
    this.#lastKey = key;
    this.#lastAt = now;
    if (isSameGesture && this.#past.length > 0) {
      return;
    }
    this.#past.push(before);
    if (this.#past.length > MAX_STEPS) {
      this.#past.shift();
    }
  }

  /** The document before the newest step, undefined when there is none. `current` can be brought back by `redo`. */
  undo(current: Settings): Settings | undefined {
    this.#lastKey = "";
    const previous = this.#past.pop();
    if (previous !== undefined) {
      this.#future.push(current);
    }
    return previous;
  }

  /** The document that the newest `undo` left, undefined when there is none. */
  redo(current: Settings): Settings | undefined {
    this.#lastKey = "";
    const next = this.#future.pop();
    if (next !== undefined) {
      this.#past.push(current);
    }
    return next;
  }
}
