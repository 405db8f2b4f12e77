import { BEACON_SLOTS } from "./room-keys.ts";

/** The slot number of the door: the meeting point that is derived from the room's name alone. */
export const DOOR_SLOT = BEACON_SLOTS;

/** Pause before trying all over again when no meeting point works, in milliseconds. */
const RETRY_MS = 2000;

/** A member that holds a spare meeting point looks whether the first one works again this often, in milliseconds. */
const PROMOTE_MS = 10_000;

/** After the holder's departure, members try to succeed it this far apart, in milliseconds. */
const SUCCESSION_STEP_MS = 400;

/** The server may notice a holder's departure later than the members do, in milliseconds. */
const SUCCESSION_DELAY_MS = 250;

/** What the shell shall do. */
export type RendezvousAction =
  | { readonly type: "claim"; readonly slot: number }
  | { readonly type: "release"; readonly slot: number }
  | { readonly type: "visit"; readonly slot: number };

/** How a visit to another holder ended. */
export type VisitOutcome = "seated" | "unreachable" | "wrong-secret";

type Phase =
  | { readonly type: "idle" }
  /** Waiting for the answer to a claim. */
  | { readonly type: "claiming"; readonly slot: number }
  /** Waiting for the holder of a slot to give a seat. */
  | { readonly type: "visiting"; readonly slot: number }
  | { readonly type: "resting"; readonly untilMs: number }
  | { readonly type: "settled" };

/**
 * How members find each other: whoever can claim the room's meeting point holds it for the others and tells newcomers
 * who is there; whoever cannot visits the holder. When the holder leaves, another member takes over. Time is given by
 * the caller, in milliseconds; results of actions come back as calls.
 */
export class Rendezvous {
  readonly #hasDoor: boolean;
  readonly #actions: RendezvousAction[] = [];
  readonly #held = new Set<number>();
  #phase: Phase = { type: "idle" };
  #succeedAtMs = Number.POSITIVE_INFINITY;
  #promoteAtMs = Number.POSITIVE_INFINITY;
  #isPromoting = false;

  /** `hasDoor` for a room with a secret: its holder also answers those who come without the right one. */
  constructor(hasDoor: boolean) {
    this.#hasDoor = hasDoor;
  }

  /** Whether this member has found its place: it holds a meeting point or has been seated. */
  get isSettled(): boolean {
    return this.#phase.type === "settled";
  }

  /** The meeting point of the room that this member holds. */
  get heldSlot(): number | undefined {
    for (const slot of this.#held) {
      if (slot !== DOOR_SLOT) {
        return slot;
      }
    }
    return undefined;
  }

  /** Begins, or begins again after everybody was lost. */
  seek(): void {
    if (this.heldSlot === undefined && this.#phase.type !== "claiming" && this.#phase.type !== "visiting") {
      this.#succeedAtMs = Number.POSITIVE_INFINITY;
      this.#claim(0);
    }
  }

  /** The answer to a claim. */
  claimed(slot: number, outcome: "held" | "taken" | "unreachable", nowMs: number): void {
    if (outcome === "held") {
      this.#held.add(slot);
    }
    if (this.#isPromoting && slot === 0) {
      this.#promoted(outcome);
      return;
    }
    if (this.#phase.type !== "claiming" || this.#phase.slot !== slot) {
      return;
    }
    if (outcome === "unreachable") {
      this.#rest(nowMs);
    } else if (outcome === "taken") {
      this.#visit(slot);
    } else if (slot !== DOOR_SLOT && this.#hasDoor && !this.#held.has(DOOR_SLOT)) {
      this.#schedulePromotion(nowMs);
      this.#claim(DOOR_SLOT);
    } else {
      this.#schedulePromotion(nowMs);
      this.#phase = { type: "settled" };
    }
  }

  /** The end of a visit. `wrong-secret` at the door is for the caller to judge; here it settles the matter. */
  visited(slot: number, outcome: VisitOutcome, nowMs: number): void {
    if (this.#phase.type !== "visiting" || this.#phase.slot !== slot) {
      return;
    }
    if (slot === DOOR_SLOT || outcome === "seated") {
      this.#phase = { type: "settled" };
    } else if (slot + 1 < BEACON_SLOTS) {
      this.#claim(slot + 1);
    } else {
      this.#rest(nowMs);
    }
  }

  /** A held meeting point is gone. */
  beaconLost(slot: number): void {
    if (this.#held.delete(slot) && slot !== DOOR_SLOT) {
      this.#phase = { type: "idle" };
      this.seek();
    }
  }

  /** The member that held the meeting point is gone; `rank` is this member's place in the succession, from 0. */
  holderGone(rank: number, nowMs: number): void {
    if (this.heldSlot === undefined && this.isSettled) {
      this.#succeedAtMs = nowMs + SUCCESSION_DELAY_MS + rank * SUCCESSION_STEP_MS;
    }
  }

  /** Another member says that it holds the meeting point. */
  holderKnown(): void {
    this.#succeedAtMs = Number.POSITIVE_INFINITY;
  }

  tick(nowMs: number): void {
    if (this.#phase.type === "resting" && nowMs >= this.#phase.untilMs) {
      this.#claim(0);
    }
    if (nowMs >= this.#succeedAtMs) {
      this.seek();
    }
    if (nowMs >= this.#promoteAtMs && !this.#isPromoting) {
      this.#promoteAtMs = nowMs + PROMOTE_MS;
      this.#isPromoting = true;
      this.#actions.push({ type: "claim", slot: 0 });
    }
  }

  /** When `tick` has something to do next; infinity when it has not. */
  nextTimeout(): number {
    const resting = this.#phase.type === "resting" ? this.#phase.untilMs : Number.POSITIVE_INFINITY;
    return Math.min(resting, this.#succeedAtMs, this.#promoteAtMs);
  }

  /** The actions since the last call. */
  takeActions(): RendezvousAction[] {
    return this.#actions.splice(0);
  }

  /** While holding a spare slot, the first one became free, or somebody else holds it and is to be met. */
  #promoted(outcome: "held" | "taken" | "unreachable"): void {
    this.#isPromoting = false;
    if (outcome === "unreachable") {
      return;
    }
    const spare = this.heldSlots().find((slot) => slot !== 0);
    if (outcome === "held" && spare !== undefined) {
      this.#promoteAtMs = Number.POSITIVE_INFINITY;
      this.#held.delete(spare);
      this.#actions.push({ type: "release", slot: spare });
    } else if (outcome === "taken") {
      this.#actions.push({ type: "visit", slot: 0 });
    }
  }

  heldSlots(): number[] {
    return [...this.#held].filter((slot) => slot !== DOOR_SLOT);
  }

  #schedulePromotion(nowMs: number): void {
    this.#promoteAtMs = this.heldSlot === 0 ? Number.POSITIVE_INFINITY : nowMs + PROMOTE_MS;
  }

  #claim(slot: number): void {
    this.#phase = { type: "claiming", slot };
    this.#actions.push({ type: "claim", slot });
  }

  #visit(slot: number): void {
    this.#phase = { type: "visiting", slot };
    this.#actions.push({ type: "visit", slot });
  }

  #rest(nowMs: number): void {
    this.#phase = { type: "resting", untilMs: nowMs + RETRY_MS };
  }
}
