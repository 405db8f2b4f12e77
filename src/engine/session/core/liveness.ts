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

/**
 * After this much silence, a question unanswered, another path is looked for, in milliseconds. The one in use carries on
 * meanwhile, so a mistake costs a few messages; waiting until the link counts as interrupted would cost its user as long.
 */
const RENEW_MS = 1500;

/** A question counts as unanswered after this long, in milliseconds. */
const UNANSWERED_MS = 500;

/** Attempts to renew the path of a silent link are this far apart, in milliseconds. */
const RESTART_MS = 2000;

/**
 * While voice comes by other connections, the link's own path is renewed after this much silence on it, and again as
 * often, in milliseconds. A reliable message may be late by some seconds on a narrow path that works.
 */
const LINK_SILENT_MS = 5000;

/** After this much silence the link counts as interrupted, in milliseconds. */
export const SUSPECT_MS = 3000;

/**
 * After this much silence a new link is tried beside the silent one, in milliseconds. A browser leaves a path that died
 * for another one after three and a half seconds at the soonest, and what was under way on it is then sent again with
 * pauses of up to three; a new link has neither to wait for.
 */
const REDIAL_SILENT_MS = 2500;

/** Attempts at a new link are this far apart, in milliseconds: one over a slow path needs most of it. */
const REDIAL_MS = 6000;

/** After this much silence the member is given up, in milliseconds. */
export const LOST_MS = 30_000;

/** A pause between two ticks of more than this was ours: a blocked or sleeping page, in milliseconds. */
const OWN_GAP_MS = 2500;

/** What is to be done about a silent link now. */
export type LivenessAction = "ping" | "probe" | "interrupted" | "restart" | "redial" | "lost";

/**
 * Watches how long a member and the link to it have been silent: voice may come by other connections than its link. Time
 * is given by the caller, in milliseconds. A gap in our own ticks is not held against the other side.
 */
export class Liveness {
  #heardMs: number;
  #linkHeardMs: number;
  #tickedMs: number;
  #nextPingMs: number;
  /** When the first question since the last sign of life was asked. */
  #askedMs = Number.POSITIVE_INFINITY;
  #restartedMs = Number.NEGATIVE_INFINITY;
  #redialledMs = Number.NEGATIVE_INFINITY;
  #nextProbeMs: number;
  #isInterrupted = false;

  constructor(nowMs: number) {
    this.#heardMs = nowMs;
    this.#linkHeardMs = nowMs;
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

  /** A message came over the link itself at `heardMs`. True when that ends an interruption. */
  linkHeard(heardMs: number): boolean {
    this.#linkHeardMs = Math.max(this.#linkHeardMs, heardMs);
    return this.heard(heardMs);
  }

  /** Voice came from the other side at `heardMs`, whichever way. True when that ends an interruption. */
  heard(heardMs: number): boolean {
    if (heardMs <= this.#heardMs) return false;
    this.#heardMs = heardMs;
    if (heardMs >= this.#askedMs) this.#askedMs = Number.POSITIVE_INFINITY;
    this.#nextProbeMs = heardMs + PROBE_MS;
    const wasInterrupted = this.#isInterrupted;
    this.#isInterrupted = false;
    return wasInterrupted;
  }

  /** The network may be back: attempts that would come later are due now. */
  hurry(nowMs: number): void {
    this.#nextPingMs = nowMs;
    this.#restartedMs = Number.NEGATIVE_INFINITY;
    this.#redialledMs = Math.min(this.#redialledMs, nowMs + RESTART_MS - REDIAL_MS);
  }

  /** What is due at `nowMs`, in order. */
  tick(nowMs: number): LivenessAction[] {
    const gapMs = nowMs - this.#tickedMs;
    this.#tickedMs = nowMs;
    if (gapMs > OWN_GAP_MS) {
      this.#heardMs += gapMs;
      this.#linkHeardMs += gapMs;
      this.#askedMs = Number.POSITIVE_INFINITY;
      this.#nextProbeMs += gapMs;
      this.#nextPingMs = nowMs;
    }
    const actions: LivenessAction[] = [];
    if (nowMs >= this.#nextPingMs) {
      this.#nextPingMs = nowMs + PING_MS;
      this.#askedMs = Math.min(this.#askedMs, nowMs);
      actions.push("ping");
    }
    const silenceMs = this.silenceMs(nowMs);
    if (nowMs >= this.#nextProbeMs) {
      this.#nextProbeMs = nowMs + (silenceMs < SUSPECT_MS ? REPROBE_MS : RESTART_MS);
      actions.push("probe");
    }
    if (silenceMs >= LOST_MS) return [...actions, "lost"];
    if (silenceMs >= SUSPECT_MS && !this.#isInterrupted) {
      this.#isInterrupted = true;
      actions.push("interrupted");
    }
    if (nowMs >= this.#restartDueMs()) {
      this.#restartedMs = nowMs;
      actions.push("restart");
    }
    if (nowMs >= this.#redialDueMs()) {
      this.#redialledMs = nowMs;
      actions.push("redial");
    }
    return actions;
  }

  /** When another path is to be looked for, as things stand. */
  #restartDueMs(): number {
    const isSilentMs = Math.max(
      this.#heardMs + RENEW_MS,
      this.#askedMs + UNANSWERED_MS,
      this.#restartedMs + RESTART_MS,
    );
    const isLinkSilentMs = Math.max(this.#linkHeardMs, this.#restartedMs) + LINK_SILENT_MS;
    return Math.min(isSilentMs, isLinkSilentMs);
  }

  /** When a new link is to be tried, as things stand. */
  #redialDueMs(): number {
    return Math.max(this.#heardMs + REDIAL_SILENT_MS, this.#askedMs + UNANSWERED_MS, this.#redialledMs + REDIAL_MS);
  }
}
