/** What the user wants of the recorder. */
export type RecordIntent = "start" | "lock" | "stop" | "cancel";

/** What the hand does to the record button; coordinates in CSS pixels, time in ms. */
export type RecordInput =
  | { readonly type: "press"; readonly x: number; readonly y: number; readonly at: number }
  | { readonly type: "move"; readonly x: number; readonly y: number }
  | { readonly type: "release"; readonly at: number }
  /** The system took the pointer away: a call came in, the window lost it. */
  | { readonly type: "lose" };

/** How far to slide left to cancel and up to lock, CSS pixels. */
export const CANCEL_DISTANCE = 96;
export const LOCK_DISTANCE = 72;

/** A press shorter than this is a tap: it locks, ms. */
export const TAP_MS = 300;

/** A tap moves no further than this, CSS pixels. */
const TAP_DISTANCE = 16;

/**
 * The record button as a gesture: hold to record, slide left to cancel, slide up to lock, tap to lock at once. Pure: it says
 * what is wanted, the recorder does it. Keys and pointers feed it alike.
 */
export class RecordGesture {
  #isHeld = false;
  #startX = 0;
  #startY = 0;
  #startedAt = 0;
  #left = 0;
  #up = 0;

  /** Whether the button is held, so that sliding means something. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** How far the way to cancelling has been gone, 0…1. */
  get cancelling(): number {
    return Math.min(1, this.#left / CANCEL_DISTANCE);
  }

  /** How far the way to locking has been gone, 0…1. */
  get locking(): number {
    return Math.min(1, this.#up / LOCK_DISTANCE);
  }

  /** Takes in what the hand does; returns what is wanted now, if anything. */
  input(input: RecordInput): RecordIntent | undefined {
    switch (input.type) {
      case "press":
        return this.#press(input.x, input.y, input.at);
      case "move":
        return this.#move(input.x, input.y);
      case "release":
        return this.#release(input.at);
      case "lose":
        // Nothing said so far is lost: the recording goes on without the hand.
        return this.#end("lock");
    }
  }

  #press(x: number, y: number, at: number): RecordIntent | undefined {
    if (this.#isHeld) return undefined;
    this.#isHeld = true;
    this.#startX = x;
    this.#startY = y;
    this.#startedAt = at;
    return "start";
  }

  #move(x: number, y: number): RecordIntent | undefined {
    if (!this.#isHeld) return undefined;
    const left = Math.max(0, this.#startX - x);
    const up = Math.max(0, this.#startY - y);
    // One direction at a time: whichever leads.
    this.#left = left >= up ? left : 0;
    this.#up = up > left ? up : 0;
    if (this.#left >= CANCEL_DISTANCE) return this.#end("cancel");
    if (this.#up >= LOCK_DISTANCE) return this.#end("lock");
    return undefined;
  }

  #release(at: number): RecordIntent | undefined {
    const isTap = at - this.#startedAt < TAP_MS && Math.max(this.#left, this.#up) < TAP_DISTANCE;
    return this.#end(isTap ? "lock" : "stop");
  }

  #end(intent: RecordIntent): RecordIntent | undefined {
    if (!this.#isHeld) return undefined;
    this.#isHeld = false;
    this.#left = 0;
    this.#up = 0;
    return intent;
  }
}
