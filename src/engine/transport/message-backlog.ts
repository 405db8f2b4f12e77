/** Messages a link keeps for a listener that is not there yet; more are dropped, since nobody asked for them. */
const MAX_WAITING = 64;

/**
 * Holds what arrives on a link before its owner listens. A link is handed out by a promise, so its first messages can
 * arrive a few microtasks before the owner had a chance to add a listener.
 */
export class MessageBacklog {
  readonly #deliver: (data: string | Uint8Array) => void;
  #waiting: (string | Uint8Array)[] | undefined = [];

  constructor(deliver: (data: string | Uint8Array) => void) {
    this.#deliver = deliver;
  }

  /** Delivers now when the owner listens, later otherwise. */
  push(data: string | Uint8Array): void {
    if (this.#waiting === undefined) {
      this.#deliver(data);
    } else if (this.#waiting.length < MAX_WAITING) {
      this.#waiting.push(data);
    }
  }

  /** The owner listens from now on. Idempotent. */
  release(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    for (const data of waiting ?? []) {
      this.#deliver(data);
    }
  }
}
