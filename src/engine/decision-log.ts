import type { DecisionLogEntry } from "./congestion/encoder-target.ts";
import type { NetworkThread } from "./threading/network-thread.ts";
import { TypedEventTarget } from "./typed-event-target.ts";

/** Decisions kept; older ones go. */
const MAX_DECISIONS = 500;

/** One decision of the congestion controllers, with the time it became known here. */
export type Decision = DecisionLogEntry & {
  /** Milliseconds since 1970. */
  readonly time: number;
};

/** `engine.decisions`: what the congestion controllers decided and why, newest last. */
export class DecisionLog extends TypedEventTarget<{ added: { readonly decision: Decision } }> {
  readonly #entries: Decision[] = [];

  /** Made by the engine. */
  constructor(network: NetworkThread) {
    super();
    network.addEventListener("decision", ({ entry }) => {
      const decision: Decision = { ...entry, time: Date.now() };
      this.#entries.push(decision);
      if (this.#entries.length > MAX_DECISIONS) {
        this.#entries.shift();
      }
      this.emit("added", { decision });
    });
  }

  /** The last 500 decisions, oldest first. */
  get entries(): readonly Decision[] {
    return this.#entries;
  }
}
