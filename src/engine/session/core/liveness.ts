/** Pause between two pings, in milliseconds. */
export const PING_MS = 1000;

/**
 * After this much silence the signalling server is asked whether the other side still exists, in milliseconds. A heartbeat
 * is half a second late by then; the answer takes 0.75 s at most, which leaves as much again for a busy machine before a
 * killed page has been on show for three seconds.
 */
export const PROBE_MS = 1500;

/** Until the link counts as interrupted, the question is repeated this often: an answer may be lost, in milliseconds. */
const REPROBE_MS = 700;

/** After this much silence the link counts as interrupted, in milliseconds. */
export const SUSPECT_MS = 3000;

/** Attempts to renew the path of an interrupted link are this far apart, in milliseconds. */
const RESTART_MS = 2000;

/** After this much silence a new link is tried, in milliseconds. */
const REDIAL_MS = 6000;

/** After this much silence the member is given up, in milliseconds. */
export const LOST_MS = 30_000;

/** A pause between two ticks of more than this was ours: a blocked or sleeping page, in milliseconds. */
const OWN_GAP_MS = 2500;

/** What is to be done about a silent link now. */
export type LivenessAction = "ping" | "probe" | "interrupted" | "restart" | "redial" | "lost";

/**
 * Watches how long a link has been silent. Time is given by the caller, in milliseconds. A gap in our own ticks is not
 * held against the other side.
 */
export class Liveness {
  #heardMs: number;
  #tickedMs: number;
  #nextPingMs: number;
  #nextRestartMs = 0;
  #nextRedialMs = 0;
  #nextProbeMs: number;
  #isInterrupted = false;

  constructor(nowMs: number) {
    this.#heardMs = nowMs;
    this.#tickedMs = nowMs;
    this.#nextPingMs = nowMs;
    this.#nextProbeMs = nowMs + PROBE_MS;
  }

  /** Whether nothing has been heard for too long. */
  get isInterrupted(): boolean {
    return this.#isInterrupted;
  }

  /** How long nothing has been heard, in milliseconds. */
  silenceMs(nowMs: number): number {
    return nowMs - this.#heardMs;
  }

  /** Something came from the other side at `heardMs`. True when that ends an interruption. */
  heard(heardMs: number): boolean {
    if (heardMs <= this.#heardMs) return false;
    this.#heardMs = heardMs;
    this.#nextProbeMs = heardMs + PROBE_MS;
    const wasInterrupted = this.#isInterrupted;
    this.#isInterrupted = false;
    return wasInterrupted;
  }

  /** The network may be back: attempts that would come later are due now. */
  hurry(nowMs: number): void {
    this.#nextPingMs = nowMs;
    this.#nextRestartMs = nowMs;
    this.#nextRedialMs = Math.min(this.#nextRedialMs, nowMs + RESTART_MS);
  }

  /** What is due at `nowMs`, in order. */
  tick(nowMs: number): LivenessAction[] {
    const gapMs = nowMs - this.#tickedMs;
    this.#tickedMs = nowMs;
    if (gapMs > OWN_GAP_MS) {
      this.#heardMs += gapMs;
      this.#nextProbeMs += gapMs;
      this.#nextPingMs = nowMs;
    }
    const actions: LivenessAction[] = [];
    if (nowMs >= this.#nextPingMs) {
      this.#nextPingMs = nowMs + PING_MS;
      actions.push("ping");
    }
    const silenceMs = this.silenceMs(nowMs);
    if (nowMs >= this.#nextProbeMs) {
      this.#nextProbeMs = nowMs + (silenceMs < SUSPECT_MS ? REPROBE_MS : RESTART_MS);
      actions.push("probe");
    }
    if (silenceMs >= SUSPECT_MS) {
      actions.push(...this.#interrupted(nowMs, silenceMs));
    }
    return actions;
  }

  /** When `tick` has something to do next. */
  nextTimeout(): number {
    const next = Math.min(this.#nextPingMs, this.#nextProbeMs);
    return Math.min(next, this.#isInterrupted ? this.#nextRestartMs : this.#heardMs + SUSPECT_MS);
  }

  #interrupted(nowMs: number, silenceMs: number): LivenessAction[] {
    if (silenceMs >= LOST_MS) {
      return ["lost"];
    }
    const actions: LivenessAction[] = [];
    if (!this.#isInterrupted) {
      this.#isInterrupted = true;
      this.#nextRestartMs = nowMs;
      this.#nextRedialMs = nowMs + REDIAL_MS - SUSPECT_MS;
      actions.push("interrupted");
    }
    if (nowMs >= this.#nextRestartMs) {
      this.#nextRestartMs = nowMs + RESTART_MS;
      actions.push("restart");
    }
    if (nowMs >= this.#nextRedialMs) {
      this.#nextRedialMs = nowMs + REDIAL_MS;
      actions.push("redial");
    }
    return actions;
  }
}
