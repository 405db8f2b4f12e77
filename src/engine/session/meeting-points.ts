import { type Beacon, BeaconTakenError, type Transport } from "../transport/transport.ts";
import type { ControlMessageOf, RefusalReason } from "./core/control-message.ts";
import { DOOR_SLOT, Rendezvous, type VisitOutcome } from "./core/rendezvous.ts";
import type { RoomKeys } from "./core/room-keys.ts";
import type { LobbyDesk } from "./lobby-desk.ts";
import { RefusedError } from "./refused-error.ts";
import { visitLobby } from "./visit-lobby.ts";

/** Refusals that end the attempt to get in, rather than lead to another meeting point. */
const FINAL: ReadonlySet<RefusalReason> = new Set(["intercepted", "version", "full", "locked", "denied", "removed"]);

/** What the meeting points ask of the room. */
export type MeetingPointsOptions = {
  readonly transport: Transport;
  readonly keys: RoomKeys;
  readonly desk: LobbyDesk;
  /** Receives those who come to the door, so that a crowd without the secret is in nobody's way. */
  readonly doorDesk: LobbyDesk;
  readonly name: () => string;
  /** A holder has given this member a seat. */
  readonly seated: (seat: ControlMessageOf<"seat">) => void;
  /** This member has found its place; without a seat it is the first one. */
  readonly settled: () => void;
  /** This member holds the meeting point `slot` now. */
  readonly holding: (slot: number) => void;
  /** The room does not want this member. True when that ends the search. */
  readonly refused: (error: RefusedError) => boolean;
  /** The signalling server did not answer; another attempt follows. */
  readonly failed: (error: unknown) => void;
  readonly onWaiting: () => void;
};

/** Does what the rendezvous decides: holds meeting points, visits the holders of others. Main thread. */
export class MeetingPoints {
  readonly #options: MeetingPointsOptions;
  readonly #rendezvous: Rendezvous;
  readonly #beacons = new Map<number, Beacon>();
  readonly #closing = new AbortController();
  #wasSettled = false;

  constructor(options: MeetingPointsOptions) {
    this.#options = options;
    this.#rendezvous = new Rendezvous(!options.keys.isOpen);
  }

  /** The meeting point this member holds. */
  get heldSlot(): number | undefined {
    return this.#rendezvous.heldSlot;
  }

  /** Begins, or begins again after everybody was lost. */
  seek(): void {
    this.#wasSettled = false;
    this.#rendezvous.seek();
    this.#act();
  }

  /** The holder is gone; `rank` is this member's place in the succession. */
  holderGone(rank: number): void {
    this.#rendezvous.holderGone(rank, performance.now());
  }

  /** Another member says that it holds the meeting point. */
  holderKnown(): void {
    this.#rendezvous.holderKnown();
  }

  /** To be called several times a second. */
  tick(nowMs: number): void {
    if (nowMs >= this.#rendezvous.nextTimeout()) {
      this.#rendezvous.tick(nowMs);
      this.#act();
    }
  }

  /** Gives all meeting points back. */
  close(): void {
    this.#closing.abort();
    for (const beacon of this.#beacons.values()) {
      beacon.close();
    }
    this.#beacons.clear();
  }

  #act(): void {
    if (this.#closing.signal.aborted) {
      return;
    }
    for (const action of this.#rendezvous.takeActions()) {
      switch (action.type) {
        case "claim":
          void this.#claim(action.slot);
          break;
        case "release":
          this.#beacons.get(action.slot)?.close();
          this.#beacons.delete(action.slot);
          break;
        case "visit":
          void this.#visit(action.slot);
          break;
        default:
          action satisfies never;
      }
    }
    if (this.#rendezvous.isSettled && !this.#wasSettled) {
      this.#wasSettled = true;
      this.#options.settled();
    }
  }

  async #claim(slot: number): Promise<void> {
    const { transport, holding, failed } = this.#options;
    const desk = slot === DOOR_SLOT ? this.#options.doorDesk : this.#options.desk;
    let outcome: "held" | "taken" | "unreachable" = "held";
    try {
      const beacon = await transport.claim(this.#idOf(slot));
      if (this.#closing.signal.aborted) {
        beacon.close();
        return;
      }
      this.#beacons.set(slot, beacon);
      beacon.addEventListener("link", ({ link }) => void desk.receive(link));
      beacon.addEventListener("lost", () => this.#lost(slot, beacon), { once: true });
    } catch (error) {
      outcome = error instanceof BeaconTakenError ? "taken" : "unreachable";
      if (outcome === "unreachable" && !this.#closing.signal.aborted) {
        failed(error);
      }
    }
    this.#rendezvous.claimed(slot, outcome, performance.now());
    this.#act();
    if (outcome === "held" && slot !== DOOR_SLOT) {
      holding(slot);
    }
  }

  #lost(slot: number, beacon: Beacon): void {
    if (this.#beacons.get(slot) === beacon) {
      this.#beacons.delete(slot);
      this.#rendezvous.beaconLost(slot);
      this.#act();
    }
  }

  async #visit(slot: number): Promise<void> {
    const outcome = await this.#outcomeOf(slot);
    if (outcome !== undefined) {
      this.#rendezvous.visited(slot, outcome, performance.now());
      this.#act();
    }
  }

  async #outcomeOf(slot: number): Promise<VisitOutcome | undefined> {
    const { transport, keys, name, seated, refused, onWaiting } = this.#options;
    try {
      const id = this.#idOf(slot);
      const { signal } = this.#closing;
      const seat = await visitLobby({ transport, id, key: keys.access, name: name(), onWaiting, signal });
      if (signal.aborted) {
        return undefined;
      }
      seated(seat);
      return "seated";
    } catch (error) {
      if (!(error instanceof RefusedError)) {
        return "unreachable";
      }
      const isAtDoor = slot === DOOR_SLOT && error.reason === "wrong-secret";
      if ((isAtDoor || FINAL.has(error.reason)) && refused(error)) {
        return undefined;
      }
      return error.reason === "wrong-secret" ? "wrong-secret" : "unreachable";
    }
  }

  #idOf(slot: number): string {
    const { keys } = this.#options;
    return slot === DOOR_SLOT ? keys.doorId() : keys.beaconId(slot);
  }
}
