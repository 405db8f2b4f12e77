import { TokenBucket } from "../engine/transport/token-bucket.ts";

/** What one network address may use at the same time and over time. */
export type AddressQuota = {
  /** Open signalling connections at the same time. */
  readonly connections: number;
  /** New signalling connections a second, on average. */
  readonly connectsPerSecond: number;
  /** Burst of new connections. */
  readonly connectBurst: number;
};

type Usage = { open: number; readonly connects: TokenBucket };

/** Counts what each network address uses. Time is given by the caller, in milliseconds. */
export class AddressLimits {
  readonly #quota: AddressQuota;
  readonly #usage = new Map<string, Usage>();

  constructor(quota: AddressQuota) {
    this.#quota = quota;
  }

  /** Counts a new connection from `address`; false when it has too many already or opens them too fast. */
  open(address: string, nowMs: number): boolean {
    const { connections, connectsPerSecond, connectBurst } = this.#quota;
    let usage = this.#usage.get(address);
    if (usage === undefined) {
      const connects = new TokenBucket({ perSecond: connectsPerSecond, burst: connectBurst }, nowMs);
      usage = { open: 0, connects };
      this.#usage.set(address, usage);
    }
    if (usage.open >= connections || !usage.connects.take(nowMs)) {
      return false;
    }
    usage.open += 1;
    return true;
  }

  /** Counts the end of a connection that `open` accepted. */
  close(address: string): void {
    const usage = this.#usage.get(address);
    if (usage !== undefined) {
      usage.open -= 1;
    }
  }

  /** Forgets addresses that use nothing. */
  sweep(nowMs: number): void {
    for (const [address, usage] of this.#usage) {
      if (usage.open === 0 && usage.connects.isFull(nowMs)) {
        this.#usage.delete(address);
      }
    }
  }

  /** Addresses remembered. */
  get size(): number {
    return this.#usage.size;
  }
}
