import type { PeerLink, Transport } from "../transport/transport.ts";

/** How long one attempt to reach a member may take, ms. */
const DIAL_MS = 8000;

/** Pause between attempts to reach a member that is named in the roster, ms. */
const REDIAL_MS = 3000;

/** A member of the roster that was not reached after this many attempts is not there. */
const MAX_ATTEMPTS = 3;

/** What a dialler asks of the mesh. */
export type DiallerOptions = {
  readonly transport: Pick<Transport, "connect">;
  /** Takes a link that was opened; rejects when it comes to nothing. */
  readonly open: (link: PeerLink) => Promise<void>;
  /** An attempt to reach `id` came to nothing. */
  readonly failed: (id: string, error: unknown) => void;
  /** A member of the roster could not be reached at all. */
  readonly unreachable: (id: string) => void;
};

type Expected = { nextDialMs: number; attempts: number };

/** Opens links: one attempt at a time to each id. Main thread. */
export class Dialler {
  readonly #options: DiallerOptions;
  readonly #expected = new Map<string, Expected>();
  readonly #underWay = new Map<string, AbortController>();
  #isClosed = false;

  constructor(options: DiallerOptions) {
    this.#options = options;
  }

  /** Reaches `id`, which the roster names, at `atMs` unless {@link Dialler.forget} is called before. */
  expect(id: string, atMs: number): void {
    if (!this.#expected.has(id)) this.#expected.set(id, { nextDialMs: atMs, attempts: 0 });
  }

  /** `id` is there, or need not be reached. */
  forget(id: string): void {
    this.#expected.delete(id);
  }

  /** Tries to reach `id` now, unless an attempt is under way. */
  async dial(id: string): Promise<void> {
    if (this.#underWay.has(id) || this.#isClosed) return;
    const { transport, open, failed } = this.#options;
    const attempt = new AbortController();
    this.#underWay.set(id, attempt);
    try {
      await open(await transport.connect(id, { timeoutMs: DIAL_MS, signal: attempt.signal }));
    } catch (error) {
      failed(id, error);
    } finally {
      if (this.#underWay.get(id) === attempt) this.#underWay.delete(id);
    }
  }

  /** Gives up the attempt that is under way to reach `id`. */
  hangUp(id: string): void {
    this.#underWay.get(id)?.abort();
    this.#underWay.delete(id);
  }

  /** Reaches whom the roster names and who is due. */
  tick(nowMs: number): void {
    for (const [id, expected] of [...this.#expected]) {
      if (nowMs < expected.nextDialMs || this.#underWay.has(id)) continue;
      if (expected.attempts === MAX_ATTEMPTS) {
        this.#expected.delete(id);
        this.#options.unreachable(id);
        continue;
      }
      expected.attempts += 1;
      expected.nextDialMs = nowMs + REDIAL_MS;
      void this.dial(id);
    }
  }

  /** Gives up everything. */
  close(): void {
    this.#isClosed = true;
    this.#expected.clear();
    for (const id of [...this.#underWay.keys()]) this.hangUp(id);
  }
}
