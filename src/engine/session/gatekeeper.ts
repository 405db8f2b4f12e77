import type { ControlMessage, ControlMessageOf, RefusalReason, RoomPolicy } from "./core/control-message.ts";
import { displayName } from "./core/display-name.ts";
import type { Roster } from "./core/roster.ts";
import type { Visitor } from "./lobby-desk.ts";
import type { Member } from "./member.ts";

/** A newcomer whom the host neither lets in nor sends away within this time is sent away, ms. */
const VERDICT_MS = 120_000;

/** How long a newcomer's seat may take to be announced by who gave it, ms. */
const ANNOUNCEMENT_MS = 3000;

/** A seat that was given and is not taken counts towards the capacity for this long, ms. */
const GRANT_MS = 12_000;

/** Pause between two looks for an announcement, ms. */
const LOOK_MS = 100;

/** People waiting for the host at the same time. */
const MAX_KNOCKS = 32;

/** Somebody who waits for the host's word. */
export type Knock = { readonly id: string; readonly name: string };

/** What the gatekeeper asks of the room. */
export type GatekeeperOptions = {
  readonly localId: string;
  readonly roster: Roster;
  readonly capacity: number;
  readonly members: ReadonlyMap<string, Member>;
  readonly broadcast: (message: ControlMessage) => void;
  readonly policyChanged: (policy: RoomPolicy) => void;
  /** Somebody waits for this member, the host. */
  readonly knocked: (knock: Knock) => void;
};

/** Decides who may come in, alone or by asking the host: capacity, lock, admission, removal. */
export class Gatekeeper {
  readonly #options: GatekeeperOptions;
  readonly #removed = new Set<string>();
  readonly #granted = new Map<string, number>();
  /** Newcomers at this member's own desk. */
  readonly #waiting = new Map<string, { readonly knock: Knock; readonly settle: (isAdmitted: boolean) => void }>();
  /** Newcomers for this member, the host, to decide about, and at whose desk they are. */
  readonly #knocks = new Map<string, { readonly knock: Knock; readonly at: Member | undefined }>();
  #policy: RoomPolicy = { isLocked: false, isAdmissionRequired: false };

  constructor(options: GatekeeperOptions) {
    this.#options = options;
  }

  /** Whether this member is the host. */
  get isHost(): boolean {
    return this.#options.roster.hostId === this.#options.localId;
  }

  get policy(): RoomPolicy {
    return this.#policy;
  }

  /** Those who wait for this member, the host. */
  get knocks(): readonly Knock[] {
    return Array.from(this.#knocks.values(), ({ knock }) => knock);
  }

  /** Whether the host has removed `id`. */
  hasRemoved(id: string): boolean {
    return this.#removed.has(id);
  }

  /** Whether somebody who knows the secret may be linked as a member. */
  async judge(id: string): Promise<RefusalReason | undefined> {
    const { roster } = this.#options;
    if (this.#removed.has(id)) {
      return "removed";
    }
    if (roster.has(id) || roster.hasLeft(id)) {
      return undefined;
    }
    const { isLocked, isAdmissionRequired } = this.#policy;
    if (!isLocked && !isAdmissionRequired) {
      return this.#isFull() ? "full" : undefined;
    }
    // Its seat may have been announced on another link a moment later than it arrived here.
    const untilMs = performance.now() + ANNOUNCEMENT_MS;
    while (performance.now() < untilMs && !roster.has(id)) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return roster.has(id) ? undefined : isLocked ? "locked" : "denied";
  }

  /** Whether a newcomer at this member's desk may have a seat. */
  async admit(visitor: Visitor): Promise<RefusalReason | undefined> {
    if (this.#removed.has(visitor.id)) {
      return "removed";
    }
    if (this.#options.roster.has(visitor.id)) {
      return undefined;
    }
    if (this.#isFull()) {
      return "full";
    }
    if (this.#policy.isLocked) {
      return "locked";
    }
    if (!this.#policy.isAdmissionRequired) {
      return undefined;
    }
    visitor.onWait();
    const verdict = this.#ask(visitor);
    this.#passOn({ id: visitor.id, name: visitor.name });
    return verdict;
  }

  /** A seat was given to `id`, who has some time to take it. */
  granted(id: string): void {
    this.#granted.set(id, performance.now() + GRANT_MS);
  }

  /** Takes over what the host, or who gave the seat, says. */
  adoptPolicy(policy: RoomPolicy): void {
    const { isLocked, isAdmissionRequired } = this.#policy;
    if (policy.isLocked === isLocked && policy.isAdmissionRequired === isAdmissionRequired) {
      return;
    }
    this.#policy = policy;
    if (policy.isLocked || !policy.isAdmissionRequired) {
      this.#knocks.clear();
      this.#settleAll(!policy.isLocked);
    }
    this.#options.policyChanged(policy);
  }

  /** The host's word on somebody, for whoever's desk they wait at. */
  decide(id: string, isAdmitted: boolean): void {
    const at = this.#knocks.get(id)?.at;
    this.#knocks.delete(id);
    this.#waiting.get(id)?.settle(isAdmitted);
    at?.send({ type: "verdict", visitor: id, isAdmitted });
  }

  /** Somebody knocks at another member's desk. */
  knock(message: ControlMessageOf<"knock">, at: Member): void {
    if (this.isHost && this.#knocks.size < MAX_KNOCKS) {
      this.#knocked({ id: message.visitor, name: displayName(message.name) }, at);
    }
  }

  /** The host has removed `id` for good. */
  removed(id: string): void {
    this.#removed.add(id);
  }

  /** There may be another host: those who wait here knock there. */
  hostChanged(): void {
    for (const { knock } of this.#waiting.values()) {
      if (!this.#knocks.has(knock.id)) {
        this.#passOn(knock);
      }
    }
  }

  /** Sends everybody away who waits here. */
  close(): void {
    this.#settleAll(false);
  }

  #isFull(): boolean {
    const { members, capacity } = this.#options;
    const nowMs = performance.now();
    for (const [id, untilMs] of this.#granted) {
      if (nowMs > untilMs || members.has(id)) {
        this.#granted.delete(id);
      }
    }
    return members.size + 1 + this.#granted.size >= capacity;
  }

  #ask({ id, name, signal }: Visitor): Promise<RefusalReason | undefined> {
    return new Promise((resolve) => {
      const settle = (isAdmitted: boolean): void => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        this.#knocks.delete(id);
        resolve(isAdmitted ? undefined : "denied");
      };
      const timer = setTimeout(() => settle(false), VERDICT_MS);
      this.#waiting.get(id)?.settle(false);
      this.#waiting.set(id, { knock: { id, name }, settle });
      signal.addEventListener("abort", () => settle(false), { once: true });
    });
  }

  #passOn(knock: Knock): void {
    const { members, roster } = this.#options;
    if (this.isHost) {
      this.#knocked(knock, undefined);
    } else {
      members.get(roster.hostId)?.send({ type: "knock", visitor: knock.id, name: knock.name });
    }
  }

  #knocked(knock: Knock, at: Member | undefined): void {
    this.#knocks.set(knock.id, { knock, at });
    this.#options.knocked(knock);
  }

  #settleAll(isAdmitted: boolean): void {
    for (const { settle } of [...this.#waiting.values()]) {
      settle(isAdmitted);
    }
  }
}
