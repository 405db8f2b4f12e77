import { TypedEventTarget } from "../../engine/index.ts";
import type { CalloutTone } from "../parts/antiphon-callout.ts";

/** A passing message: shown for a while and spoken by screen readers. */
export type Notice = {
  readonly id: number;
  readonly text: string;
  readonly tone: CalloutTone;
  /** A way to take it back, such as Undo. */
  readonly action?: { readonly label: string; readonly run: () => void };
};

/** How long a notice stays, ms. One with an action stays twice as long. */
const LIFETIME_MS = 5000;

/** The passing messages of the page. */
class Notices extends TypedEventTarget<{ change: object }> {
  #list: readonly Notice[] = [];
  #nextId = 1;

  /** What is to be seen now, oldest first. */
  get list(): readonly Notice[] {
    return this.#list;
  }

  /** Shows a message. */
  show(text: string, options: Partial<Pick<Notice, "tone" | "action">> = {}): void {
    const notice: Notice = { id: this.#nextId++, text, tone: "info", ...options };
    this.#list = [...this.#list.slice(-2), notice];
    this.emit("change", {});
    setTimeout(() => this.dismiss(notice.id), options.action === undefined ? LIFETIME_MS : LIFETIME_MS * 2);
  }

  /** Takes a message away. */
  dismiss(id: number): void {
    this.#list = this.#list.filter((notice) => notice.id !== id);
    this.emit("change", {});
  }
}

/** The page's passing messages. */
export const notices = new Notices();
