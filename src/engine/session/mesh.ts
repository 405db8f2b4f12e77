import type { PeerLink, Transport } from "../transport/transport.ts";
import { TypedEventTarget } from "../typed-event-target.ts";
import { ControlChannel } from "./control-channel.ts";
import type { ControlMessage, ControlMessageOf, RefusalReason } from "./core/control-message.ts";
import { PROBE_MS } from "./core/liveness.ts";
import { Dialler } from "./dialler.ts";
import { greet } from "./greet.ts";
import { Member } from "./member.ts";
import { RefusedError } from "./refused-error.ts";

/** Pause between attempts to link a member again whose link broke, ms. */
const REDIAL_MS = 3000;

/** Strangers that may be proving themselves at the same time. */
const MAX_GREETING = 32;

/** After a link broke, the side with the smaller id dials again at once, the other one after this long, ms. */
const SECOND_DIAL_MS = 2500;

/**
 * For so long after the signalling server came back, ids may be missing there although their pages live: each regains its
 * own with pauses of up to 4 s and a quarter, ms.
 */
const SERVER_SETTLES_MS = 6000;

/** A goodbye needs this long to get out before connections may close, ms. */
const GOODBYE_MS = 300;

/** Why a member is gone. */
export type GoneReason = "left" | "lost" | "removed" | "refused";

/** Events of a mesh. */
export type MeshEvents = {
  /**
   * A member introduced itself over a new link: the moment to create its voice channel, in this task. `isNew` unless the
   * member was there before and only the link is new.
   */
  readonly linked: { readonly member: Member; readonly link: PeerLink; readonly isNew: boolean };
  /** The link of a member broke; it may come back. */
  readonly unlinked: { readonly member: Member };
  /** The way to a member is different now. */
  readonly changed: { readonly member: Member };
  readonly gone: { readonly member: Member; readonly reason: GoneReason };
  /** A control message of a member that has introduced itself, heartbeats and introductions excepted. */
  readonly message: { readonly member: Member; readonly message: ControlMessage };
  /** Somebody was turned away, by this side or by the other one. */
  readonly refused: { readonly id: string; readonly error: RefusedError };
  /** A member of the roster could not be reached at all. */
  readonly unreachable: { readonly id: string };
};

/** What a mesh asks of the room. */
export type MeshOptions = {
  readonly transport: Transport;
  readonly key: Uint8Array;
  /** Whether somebody who has proved to know the secret may be a member. */
  readonly judge: (id: string) => Promise<RefusalReason | undefined>;
  /** Whether one more member fits. */
  readonly hasRoom: () => boolean;
  /** This member's introduction. */
  readonly welcome: () => ControlMessageOf<"welcome">;
  /** Somebody's introduction. */
  readonly introduced: (member: Member, welcome: ControlMessageOf<"welcome">) => void;
};

/** The links to all other members: dialled, accepted, proved, watched and renewed. Main thread. */
export class Mesh extends TypedEventTarget<MeshEvents> {
  readonly members = new Map<string, Member>();
  readonly #options: MeshOptions;
  readonly #dialler: Dialler;
  readonly #closing = new AbortController();
  #greeting = 0;
  #serverSettledMs = Number.NEGATIVE_INFINITY;

  constructor(options: MeshOptions) {
    super();
    this.#options = options;
    this.#dialler = new Dialler({
      transport: options.transport,
      open: (link) => this.#establish(link),
      failed: (id, error) => this.#failed(id, error),
      unreachable: (id) => this.emit("unreachable", { id }),
    });
    const { signal } = this.#closing;
    options.transport.addEventListener("link", ({ link }) => void this.#accept(link), { signal });
    options.transport.addEventListener(
      "signalling",
      ({ state }) => {
        if (state === "connected") {
          this.#serverSettledMs = performance.now() + SERVER_SETTLES_MS;
          this.hurry();
        }
      },
      { signal },
    );
    globalThis.addEventListener?.("online", () => this.hurry(), { signal });
  }

  /** Reaches `id`, which the roster names: in `delayMs` unless it has reached us by then. */
  expect(id: string, delayMs: number): void {
    if (!this.members.has(id)) this.#dialler.expect(id, performance.now() + delayMs);
  }

  /** Sends to every member that has introduced itself. */
  broadcast(message: ControlMessage): void {
    for (const member of this.members.values()) {
      if (member.isWelcome) {
        member.send(message);
      }
    }
  }

  /** Attempts that would come later are due now: the network may be back. */
  hurry(): void {
    const nowMs = performance.now();
    for (const member of this.members.values()) {
      if (member.connection !== "connected") {
        member.liveness.hurry(nowMs);
        member.redialAtMs = Math.min(member.redialAtMs, nowMs + 500);
      }
    }
  }

  /** Ends the membership of `id`. */
  drop(id: string, reason: GoneReason): void {
    const member = this.members.get(id);
    this.#dialler.forget(id);
    this.#dialler.hangUp(id);
    if (member === undefined) {
      return;
    }
    this.members.delete(id);
    const { channel } = member;
    member.unlink();
    channel?.closeSoon();
    member.connection = "closed";
    this.emit("gone", { member, reason });
  }

  /** Asks the signalling server for a silent member: nobody under its id means that its page is gone. */
  async probe(member: Member): Promise<void> {
    const presence = await this.#options.transport.presence(member.id);
    const nowMs = performance.now();
    const isSilent = member.channel === undefined || member.liveness.silenceMs(nowMs) >= PROBE_MS / 2;
    const isCertain = presence === "absent" && nowMs >= this.#serverSettledMs;
    if (isCertain && isSilent && this.members.get(member.id) === member) {
      this.drop(member.id, "lost");
    }
  }

  /** Watches over every link. To be called several times a second. */
  tick(nowMs: number): void {
    for (const member of [...this.members.values()]) {
      this.#watch(member, nowMs);
    }
    this.#dialler.tick(nowMs);
  }

  /** Voice of a member came at `heardMs`: its link works, however long a control message that was lost on it may take. */
  heard(id: string, heardMs: number): void {
    const member = this.members.get(id);
    if (member?.liveness.heard(heardMs) === true) this.#recovered(member);
  }

  /** Whether any member is heard of. */
  get hasWorkingLink(): boolean {
    return [...this.members.values()].some(({ connection }) => connection !== "reconnecting");
  }

  /** Says goodbye to everybody; `reason` is for the others to show. Resolves when it has got out. The transport stays open. */
  async close(reason: ControlMessageOf<"bye">["reason"]): Promise<void> {
    const hadMembers = this.members.size > 0;
    for (const member of this.members.values()) {
      member.send({ type: "bye", reason });
      member.connection = "closed";
      member.channel?.closeSoon();
      member.unlink();
    }
    this.#closing.abort();
    this.#dialler.close();
    this.members.clear();
    if (hadMembers) {
      await new Promise((resolve) => setTimeout(resolve, GOODBYE_MS));
    }
  }

  #watch(member: Member, nowMs: number): void {
    if (member.isOverdue(nowMs)) {
      this.#broken(member);
      return;
    }
    for (const action of member.liveness.tick(nowMs)) {
      switch (action) {
        case "ping":
          member.ping(nowMs);
          break;
        case "probe":
          void this.probe(member);
          break;
        case "interrupted":
          this.#setConnection(member, "reconnecting");
          break;
        case "restart":
          // A failed attempt is repeated two seconds later, and followed by a new link.
          member.channel?.link.restartIce().catch(() => undefined);
          break;
        case "redial":
          this.#dialler.hangUp(member.id);
          void this.#dialler.dial(member.id);
          break;
        case "lost":
          this.drop(member.id, "lost");
          return;
        default:
          action satisfies never;
      }
    }
    if (nowMs >= member.redialAtMs) {
      member.redialAtMs = nowMs + REDIAL_MS;
      void this.#dialler.dial(member.id);
    }
  }

  async #accept(link: PeerLink): Promise<void> {
    if (this.#greeting >= MAX_GREETING) {
      link.close();
      return;
    }
    this.#greeting += 1;
    try {
      await this.#establish(link);
    } catch (error) {
      this.#failed(link.remoteId, error);
    } finally {
      this.#greeting -= 1;
    }
  }

  /** Whoever cannot be reached now is tried again as long as it counts as a member. */
  #failed(id: string, error: unknown): void {
    if (!(error instanceof RefusedError) || this.#closing.signal.aborted) {
      return;
    }
    if (error.reason !== "protocol") {
      this.#dialler.forget(id);
    }
    this.emit("refused", { id, error });
  }

  async #establish(link: PeerLink): Promise<void> {
    const { transport, key, judge } = this.#options;
    const channel = new ControlChannel(link);
    const greeting = await greet(channel, { key, ownId: transport.localId, purpose: "member" });
    const isWhoItSays = greeting.remoteId === link.remoteId && greeting.purpose === "member";
    const refusal = isWhoItSays ? await judge(link.remoteId) : "protocol";
    if (refusal !== undefined) {
      channel.refuse(refusal);
      throw new RefusedError(refusal, true);
    }
    if (this.#closing.signal.aborted) {
      channel.close();
      return;
    }
    // Many may have been judged at the same time; here they come one by one.
    if (!this.members.has(link.remoteId) && !this.#options.hasRoom()) {
      channel.refuse("full");
      throw new RefusedError("full", true);
    }
    this.#attach(channel, greeting.sas);
  }

  #attach(channel: ControlChannel, sas: string): void {
    const nowMs = performance.now();
    const { remoteId: id } = channel.link;
    const member = this.members.get(id) ?? new Member(id, nowMs);
    if (!member.prefers(channel, this.#options.transport.localId, nowMs)) {
      channel.close();
      return;
    }
    this.members.set(id, member);
    this.#dialler.forget(id);
    const signal = member.adopt(channel, sas, nowMs);
    channel.addEventListener("message", ({ message }) => this.#receive(member, message), { signal });
    channel.addEventListener("closed", () => this.#broken(member), { signal });
    // Voice may go on over other connections: that it is heard does not mean that this link works.
    channel.link.addEventListener(
      "state",
      ({ state }) => {
        if (state === "interrupted") channel.link.restartIce().catch(() => undefined);
      },
      { signal },
    );
    channel.send(this.#options.welcome());
    channel.release();
    if (!channel.isOpen) {
      this.#broken(member);
    }
  }

  #recovered(member: Member): void {
    if (!member.isWelcome) return;
    member.redialAtMs = Number.POSITIVE_INFINITY;
    this.#setConnection(member, "connected");
  }

  #receive(member: Member, message: ControlMessage): void {
    const nowMs = performance.now();
    if (member.isWelcome) this.#dialler.hangUp(member.id);
    if (member.liveness.linkHeard(nowMs)) this.#recovered(member);
    switch (message.type) {
      case "welcome":
        this.#welcomed(member, message);
        return;
      case "ping":
        member.send({ type: "pong", nonce: message.nonce });
        return;
      case "pong":
        member.ponged(message.nonce, nowMs);
        return;
      case "refuse":
        this.emit("refused", { id: member.id, error: new RefusedError(message.reason, false) });
        this.drop(member.id, "refused");
        return;
      case "bye":
        this.drop(member.id, message.reason === "removed" ? "removed" : "left");
        return;
      default:
        if (member.isWelcome) {
          this.emit("message", { member, message });
        }
    }
  }

  #welcomed(member: Member, welcome: ControlMessageOf<"welcome">): void {
    const { channel } = member;
    if (member.isWelcome || channel === undefined) {
      return;
    }
    const isNew = !member.isKnown;
    member.isWelcome = true;
    member.isKnown = true;
    member.connection = "connected";
    this.#options.introduced(member, welcome);
    this.emit("linked", { member, link: channel.link, isNew });
    this.emit("changed", { member });
  }

  /** The link in use ended without a goodbye. */
  #broken(member: Member): void {
    if (this.members.get(member.id) !== member) {
      return;
    }
    const { channel } = member;
    member.unlink();
    channel?.close();
    if (!member.isKnown) {
      this.members.delete(member.id);
      return;
    }
    const isOurTurn = this.#options.transport.localId < member.id;
    member.redialAtMs = performance.now() + (isOurTurn ? 0 : SECOND_DIAL_MS);
    this.emit("unlinked", { member });
    this.#setConnection(member, "reconnecting");
    void this.probe(member);
  }

  #setConnection(member: Member, connection: Member["connection"]): void {
    if (member.connection !== connection) {
      member.connection = connection;
      this.emit("changed", { member });
    }
  }
}
