import { TypedEventTarget } from "../typed-event-target.ts";
import { toVoiceError, VoiceError } from "../voice-error.ts";
import {
  type ControlMessage,
  type ControlMessageOf,
  MAX_STREAMS,
  type RoomPolicy,
  type Seat,
} from "./core/control-message.ts";
import { displayName } from "./core/display-name.ts";
import { Roster } from "./core/roster.ts";
import { Entrance } from "./entrance.ts";
import { Gatekeeper } from "./gatekeeper.ts";
import { LobbyDesk } from "./lobby-desk.ts";
import { MeetingPoints } from "./meeting-points.ts";
import type { Member } from "./member.ts";
import { type TellSession, takeMemberNews } from "./member-news.ts";
import { type GoneReason, Mesh } from "./mesh.ts";
import type { RefusedError } from "./refused-error.ts";
import type { RoomSessionEvents, RoomSessionOptions, SessionState } from "./room-session-events.ts";
import { SIDE_CAPABILITY } from "./side-connections.ts";

/** Pause between two looks at the links, ms. */
const TICK_MS = 200;

/** Members that hear of a newcomer leave it this long to come to them, ms. */
const NEWCOMER_MS = { first: 4000, second: 8000 } as const;

/** How often members tell each other whom they are connected to, ms. */
const ROSTER_MS = 10_000;

/**
 * Membership in a room: finding it, being let in, a proved link to every other member, and who may come in after. Main
 * thread; audio is not its business.
 */
export class RoomSession extends TypedEventTarget<RoomSessionEvents> {
  readonly roster: Roster;
  readonly mesh: Mesh;
  readonly gate: Gatekeeper;
  readonly #options: RoomSessionOptions;
  readonly #points: MeetingPoints;
  #timer: ReturnType<typeof setInterval> | undefined;
  #name: string;
  #holderId: string | undefined;
  #state: SessionState = "joining";
  #rosterAtMs = performance.now() + ROSTER_MS;
  readonly #entrance = new Entrance();
  readonly #tell: TellSession = (type, payload) => this.emit(type, payload);

  /** Call `enter` next. */
  constructor(options: RoomSessionOptions) {
    super();
    const { transport, keys } = options;
    const key = keys.access;
    const ownId = transport.localId;
    this.#options = options;
    this.#name = displayName(options.name);
    this.roster = new Roster(ownId);
    this.mesh = new Mesh({
      transport,
      key,
      judge: (id) => this.gate.judge(id),
      hasRoom: () => this.mesh.members.size + 1 < options.capacity,
      welcome: () => this.#welcome(),
      introduced: (member, welcome) => this.#introduced(member, welcome),
    });
    this.gate = new Gatekeeper({
      localId: ownId,
      roster: this.roster,
      capacity: options.capacity,
      members: this.mesh.members,
      broadcast: (message) => this.mesh.broadcast(message),
      policyChanged: (policy) => this.emit("policy", { policy }),
      knocked: (knock) => this.emit("knock", { knock }),
    });
    const turnedAway = (error: RefusedError): void => this.emit("turned-away", { error });
    const admit: Gatekeeper["admit"] = (visitor) => this.gate.admit(visitor);
    const desk = { key, ownId, turnedAway, admit, seat: (id: string) => this.#grantSeat(id) };
    this.#points = new MeetingPoints({
      transport,
      keys,
      desk: new LobbyDesk(desk),
      doorDesk: new LobbyDesk(desk),
      name: () => this.#name,
      seated: (seat) => this.#seated(seat),
      settled: () => this.#settled(),
      holding: (slot) => this.#holding(slot),
      refused: (error) => this.#refused(error),
      failed: (error) => this.#signallingFailed(error),
      onWaiting: options.onWaiting,
    });
    this.#followMesh();
    transport.addEventListener("signalling", () => this.#updateState());
  }

  /** Enters the room. Closes the transport and rejects with VoiceError when that fails or `signal` aborts. */
  async enter(signal?: AbortSignal): Promise<void> {
    const start = (): void => {
      this.#timer = setInterval(() => this.#tick(), TICK_MS);
      this.#points.seek();
    };
    try {
      await this.#entrance.pass(start, signal);
    } catch (error) {
      await this.leave();
      throw error;
    }
  }

  get state(): SessionState {
    return this.#state;
  }

  /** This member's id in the room. */
  get localId(): string {
    return this.#options.transport.localId;
  }

  /** Appears under another name. */
  rename(name: string): void {
    this.#name = displayName(name);
    this.broadcast({ type: "rename", name: this.#name });
  }

  /** Tells everybody something: stream changes, presence, chat. */
  broadcast(message: ControlMessage): void {
    this.mesh.broadcast(message);
  }

  /** Decides about newcomers. Throws TypeError when this member is not the host. */
  setPolicy(policy: RoomPolicy): void {
    this.#requireHost("change who may come in");
    this.gate.adoptPolicy(policy);
    this.broadcast({ type: "policy", policy });
  }

  /** Lets somebody in who knocked, or sends them away. Throws TypeError when this member is not the host. */
  decide(visitorId: string, isAdmitted: boolean): void {
    this.#requireHost("let people in");
    this.gate.decide(visitorId, isAdmitted);
  }

  /** Removes a member. Throws TypeError when this member is not the host. */
  remove(id: string): void {
    this.#requireHost("remove somebody");
    this.broadcast({ type: "remove", peerId: id });
    this.#removeMember(id);
  }

  /** Says goodbye and closes every connection. Idempotent. */
  async leave(reason: ControlMessageOf<"bye">["reason"] = "left"): Promise<void> {
    if (this.#state === "left") {
      return;
    }
    clearInterval(this.#timer);
    this.gate.close();
    this.#setState("left");
    this.#points.close();
    await this.mesh.close(reason);
    await this.#options.transport.close();
  }

  #followMesh(): void {
    const { mesh } = this;
    mesh.addEventListener("linked", ({ member, link }) => this.emit("linked", { member, link }));
    mesh.addEventListener("changed", ({ member }) => {
      this.emit("changed", { member });
      this.#updateState();
    });
    mesh.addEventListener("gone", ({ member, reason }) => this.#gone(member, reason));
    mesh.addEventListener("message", ({ member, message }) => this.#receive(member, message));
    mesh.addEventListener("unreachable", ({ id }) => this.#unreachable(id));
    mesh.addEventListener("refused", ({ id, error }) => this.#linkRefused(id, error));
  }

  #tick(): void {
    const nowMs = performance.now();
    for (const { id } of this.roster.seats) {
      if (id !== this.localId) {
        this.mesh.expect(id, this.localId < id ? NEWCOMER_MS.first : NEWCOMER_MS.second);
      }
    }
    this.mesh.tick(nowMs);
    this.#points.tick(nowMs);
    if (nowMs >= this.#rosterAtMs) {
      this.#rosterAtMs = nowMs + ROSTER_MS;
      this.#tellRoster();
    }
  }

  /** Two members that have lost each other find each other again through those who still see both. */
  #tellRoster(): void {
    const roster = this.roster.seats.filter(
      ({ id }) => id === this.localId || this.mesh.members.get(id)?.connection === "connected",
    );
    this.broadcast({ type: "roster", roster });
  }

  #grantSeat(id: string): ControlMessageOf<"seat"> {
    const order = this.roster.orderOf(id) ?? this.roster.nextOrder;
    this.roster.add({ id, order });
    this.gate.granted(id);
    this.broadcast({ type: "roster", roster: [{ id, order }] });
    const { policy } = this.gate;
    return { type: "seat", order, roster: [...this.roster.seats], policy, holder: this.localId };
  }

  #seated({ order, roster, policy, holder }: ControlMessageOf<"seat">): void {
    if (this.#state === "joining") {
      this.roster.beSeated(order, roster);
      this.gate.adoptPolicy(policy);
    } else {
      this.#learn(roster);
    }
    this.#holderId = holder;
    for (const { id } of this.roster.seats) {
      if (id !== this.localId) {
        this.mesh.expect(id, 0);
      }
    }
    this.mesh.tick(performance.now());
  }

  #settled(): void {
    if (!this.roster.has(this.localId)) {
      this.roster.beSeated(0, []);
    }
    if (this.#state === "joining") {
      this.#setState("joined");
      this.#entrance.end();
    }
    this.#updateState();
  }

  #holding(slot: number): void {
    this.#holderId = this.localId;
    this.broadcast({ type: "beacon", slot });
  }

  #refused(error: RefusedError): boolean {
    if (this.#state !== "joining") {
      return false;
    }
    this.#entrance.end(error.toVoiceError("Cannot join the room"));
    return true;
  }

  #signallingFailed(error: unknown): void {
    if (this.#state === "joining") {
      this.#entrance.end(toVoiceError(error, "signalling-unreachable", "Cannot join the room"));
    }
  }

  #welcome(): ControlMessageOf<"welcome"> {
    const { identity, presence, streams } = this.#options;
    return {
      type: "welcome",
      name: this.#name,
      identity,
      order: this.roster.ownOrder,
      presence: presence(),
      streams: streams().slice(0, MAX_STREAMS),
      roster: [...this.roster.seats],
      policy: this.gate.policy,
      capabilities: ["chat", "files", SIDE_CAPABILITY],
    };
  }

  #introduced(member: Member, welcome: ControlMessageOf<"welcome">): void {
    member.introduce(welcome);
    this.roster.add({ id: member.id, order: welcome.order });
    this.#learn(welcome.roster);
    if (member.id === this.roster.hostId) {
      this.gate.adoptPolicy(welcome.policy);
    }
    if (this.#points.heldSlot !== undefined) {
      member.send({ type: "beacon", slot: this.#points.heldSlot });
    }
    for (const other of this.mesh.members.values()) {
      if (other !== member && other.identity === member.identity) {
        // The same page, loaded again: its former self is asked for at once.
        void this.mesh.probe(other);
      }
    }
  }

  #learn(seats: readonly Seat[]): void {
    for (const seat of seats) {
      if (seat.id !== this.localId && !this.gate.hasRemoved(seat.id)) {
        this.roster.add(seat);
      }
    }
  }

  #receive(member: Member, message: ControlMessage): void {
    if (takeMemberNews(member, message, this.#tell)) {
      return;
    }
    switch (message.type) {
      case "roster":
        this.#learn(message.roster);
        return;
      case "beacon":
        this.#holderId = member.id;
        this.#points.holderKnown();
        return;
      case "policy":
      case "remove":
      case "verdict":
        if (member.id === this.roster.hostId) {
          this.#obey(message);
        }
        return;
      case "knock":
        this.gate.knock(message, member);
        return;
      default:
        this.emit("message", { member, message });
    }
  }

  /** What only the host may say. */
  #obey(message: ControlMessageOf<"policy" | "remove" | "verdict">): void {
    if (message.type === "policy") {
      this.gate.adoptPolicy(message.policy);
    } else if (message.type === "verdict") {
      this.gate.decide(message.visitor, message.isAdmitted);
    } else if (message.peerId !== this.localId) {
      this.#removeMember(message.peerId);
    } else {
      void this.leave("removed");
      this.emit("ended", { error: new VoiceError("not-admitted", "The host has removed you from the room") });
    }
  }

  #removeMember(id: string): void {
    this.gate.removed(id);
    this.roster.depart(id);
    this.mesh.drop(id, "removed");
  }

  #gone(member: Member, reason: GoneReason): void {
    const { roster, mesh } = this;
    const rank = roster.rankWithout(member.id);
    if (reason === "lost") {
      roster.remove(member.id);
    } else {
      roster.depart(member.id);
    }
    this.emit("gone", { member, reason });
    if (this.#holderId === member.id) {
      this.#holderId = undefined;
      this.#points.holderGone(rank);
    }
    this.gate.hostChanged();
    if (mesh.members.size === 0 && reason === "lost") {
      this.#points.seek();
    }
    this.#updateState();
  }

  #unreachable(id: string): void {
    this.roster.remove(id);
    if (this.roster.size === 1 && this.mesh.members.size === 0) {
      const message = "Cannot reach anybody in the room: no path to them was found. A TURN server may help";
      this.emit("error", { error: new VoiceError("peer-unreachable", message) });
    }
  }

  #linkRefused(id: string, error: RefusedError): void {
    if (error.isOurVerdict) {
      this.emit("turned-away", { error });
    }
    if (error.concernsUs) {
      this.roster.remove(id);
      this.emit("error", { error: error.toVoiceError("Cannot connect to a member of the room") });
    }
  }

  #updateState(): void {
    if (this.#state !== "joined" && this.#state !== "reconnecting") {
      return;
    }
    const { mesh } = this;
    const isAlone = mesh.members.size === 0;
    const isCutOff = isAlone ? this.#options.transport.signallingState !== "connected" : !mesh.hasWorkingLink;
    this.#setState(isCutOff ? "reconnecting" : "joined");
  }

  #setState(state: SessionState): void {
    if (this.#state !== state) {
      this.#state = state;
      this.emit("state", { state });
    }
  }

  #requireHost(what: string): void {
    if (!this.gate.isHost) {
      throw new TypeError(`Only the host can ${what}`);
    }
  }
}
