import type { LocalStream } from "./local-stream.ts";
import { areDelaysDifferent, type MemberDelays } from "./member-delays.ts";
import { Peer } from "./peer.ts";
import type { StreamMix } from "./playout/stream-mix.ts";
import { RoomAudio, type VoiceReport } from "./room-audio.ts";
import type { RoomEvents, RoomState } from "./room-events.ts";
import { roomIdentity } from "./room-identity.ts";
import type { RoomHost, RoomOptions } from "./room-options.ts";
import type {
  ControlMessage,
  MemberPresence,
  RoomPolicy,
  SideConnectionName,
  StreamDescription,
} from "./session/core/control-message.ts";
import { displayName } from "./session/core/display-name.ts";
import { RoomKeys } from "./session/core/room-keys.ts";
import { FileDesk, type SendFileOptions } from "./session/files/file-desk.ts";
import type { OutgoingFile } from "./session/files/outgoing-file.ts";
import type { Knock } from "./session/gatekeeper.ts";
import type { Member } from "./session/member.ts";
import type { GoneReason } from "./session/mesh.ts";
import { RoomSession } from "./session/room-session.ts";
import { SideConnections } from "./session/side-connections.ts";
import { STATISTICS_INTERVAL_MS } from "./threading/network-messages.ts";
import type { PlaybackNode } from "./threading/playback-node.ts";
import type { SideConnection } from "./transport/side-connection.ts";
import { TypedEventTarget } from "./typed-event-target.ts";

/** Members a room takes in unless told otherwise. An estimate from the uplink a mesh needs, see docs/rooms.md. */
export const ROOM_CAPACITY = 12;

/** The longest chat text, in UTF-16 units. */
const MAX_CHAT_LENGTH = 4_000;

/** How to send a file, and to whom: by default everybody who is in the room now. */
export type RoomFileOptions = SendFileOptions & { readonly to?: readonly Peer[] };

/** Connections for voice besides that of the link, in the order in which they are made. */
const VOICE_CONNECTIONS = [
  "voice-1",
  "voice-2",
  "voice-3",
  "voice-4",
  "voice-5",
] as const satisfies readonly SideConnectionName[];

/** Changes of a stage that the others are told of, ms, and the least time between two such messages, ms. */
const DELAY_STEP_MS = 2;
const DELAY_INTERVAL_MS = 2_000;

/** A room this engine is a member of. */
export class Room extends TypedEventTarget<RoomEvents> {
  readonly name: string;
  /** Hash part of an address that leads here, with the secret: share it with whom you want in. */
  readonly link: string;
  readonly #host: RoomHost;
  readonly #session: RoomSession;
  readonly #audio: RoomAudio;
  readonly #files: FileDesk;
  readonly #sides: SideConnections;
  readonly #peers = new Map<string, Peer>();
  readonly #mixes = new Map<string, StreamMix>();
  #announced: readonly StreamDescription[] = [];
  #hostId: string;
  #toldDelays: MemberDelays | undefined;
  #delaysDue = 0;

  private constructor(host: RoomHost, options: RoomOptions, session: RoomSession) {
    super();
    const { roomName, secret = "" } = options;
    const key = secret === "" ? "" : `&key=${encodeURIComponent(secret)}`;
    this.name = roomName;
    this.link = `#/room/${encodeURIComponent(roomName)}${key}`;
    this.#host = host;
    this.#session = session;
    this.#files = new FileDesk({
      members: session.mesh.members,
      maxIncomingBytes: options.maxIncomingBytes,
      openSide: (member) => this.#sides.want(member, "files"),
    });
    this.#sides = new SideConnections((member, name, connection) => this.#sideConnected(member, name, connection));
    this.#audio = new RoomAudio(host, (peer, report) => this.#reported(peer, report));
    this.#announced = descriptionsOf(host.streams());
    this.#hostId = session.localId;
    this.#follow();
  }

  /**
   * Enters a room. Used by the engine. Rejects with VoiceError `signalling-unreachable`, `wrong-secret`, `intercepted`,
   * `room-full`, `not-admitted`, `version-mismatch` or `closed`.
   */
  static async join(host: RoomHost, options: RoomOptions): Promise<Room> {
    const session = new RoomSession({
      transport: host.transport,
      keys: RoomKeys.derive(options.roomName, options.secret),
      name: options.displayName,
      identity: roomIdentity(),
      capacity: options.capacity ?? ROOM_CAPACITY,
      presence: () => presenceOf(host),
      streams: () => descriptionsOf(host.streams()),
      onWaiting: () => options.onWaiting?.(),
    });
    // The room listens before there is anybody to hear of.
    const room = new Room(host, options, session);
    await session.enter(options.signal);
    return room;
  }

  /** The others, by id, in the order they came. */
  get peers(): ReadonlyMap<string, Peer> {
    return this.#peers;
  }

  get state(): RoomState {
    return this.#session.state;
  }

  /** Your own id in the room. */
  get localId(): string {
    return this.#session.localId;
  }

  /** Whether you decide about newcomers: whoever is here longest does. */
  get isHost(): boolean {
    return this.#session.gate.isHost;
  }

  /** Whether the room is locked, and whether the host lets people in one by one. */
  get policy(): RoomPolicy {
    return this.#session.gate.policy;
  }

  /** Those who wait for you, the host, to be let in. */
  get knocks(): readonly Knock[] {
    return this.isHost ? this.#session.gate.knocks : [];
  }

  /** Locks the room, or asks to be asked about newcomers. Throws TypeError when you are not the host. */
  setPolicy(policy: Partial<RoomPolicy>): void {
    this.#session.setPolicy({ ...this.#session.gate.policy, ...policy });
  }

  /** Lets somebody in who knocked. Throws TypeError when you are not the host. */
  admit(visitorId: string): void {
    this.#session.decide(visitorId, true);
  }

  /** Sends somebody away who knocked. Throws TypeError when you are not the host. */
  deny(visitorId: string): void {
    this.#session.decide(visitorId, false);
  }

  /** Removes a peer from the room. Throws TypeError when you are not the host. */
  removePeer(peer: Peer): void {
    this.#session.remove(peer.id);
  }

  /** Appears under another name. */
  rename(name: string): void {
    this.#session.rename(name);
  }

  /** Tells the others which streams there are and whether the microphone is muted. Used by the engine. */
  localStreamsChanged(): void {
    const before = this.#announced;
    const now = descriptionsOf(this.#host.streams());
    this.#announced = now;
    for (const { ssrc } of before) {
      if (!now.some((stream) => stream.ssrc === ssrc)) {
        this.#session.broadcast({ type: "stream-removed", ssrc });
      }
    }
    for (const stream of now) {
      const known = before.find(({ ssrc }) => ssrc === stream.ssrc);
      if (known === undefined) {
        this.#session.broadcast({ type: "stream-added", stream });
      } else if (known.channels !== stream.channels || known.label !== stream.label) {
        this.#session.broadcast({ type: "stream-changed", stream });
      }
    }
    this.#session.broadcast({ type: "presence", presence: presenceOf(this.#host) });
  }

  /** Plays everybody on another node. Used by the engine after a processor failed. */
  movePlayback(node: PlaybackNode): void {
    this.#audio.moveTo(node);
  }

  /** Sends a text of at most 4,000 characters to everybody. Throws RangeError for a longer one. */
  sendChat(text: string): void {
    if (text.length > MAX_CHAT_LENGTH) {
      throw new RangeError(`A chat message has at most 4,000 characters, not ${text.length}`);
    }
    this.#session.broadcast({ type: "chat", id: crypto.randomUUID(), text });
  }

  /**
   * Offers a file, or anything else that is a blob, to everybody here or to the peers in `to`; each may accept or decline.
   * The bytes flow beside voice at a pace that leaves voice alone, and are verified by SHA-256. Throws RangeError for
   * a file over 64 GiB or metadata over 4,096 characters of JSON.
   */
  sendFile(blob: Blob, options: RoomFileOptions = {}): OutgoingFile {
    const { to, ...rest } = options;
    const ids = new Set((to ?? [...this.#peers.values()]).map(({ id }) => id));
    const members = [...this.#session.mesh.members.values()].filter(({ id }) => ids.has(id));
    return this.#files.offer(blob, members, rest);
  }

  /** Says goodbye and drops all connections. Idempotent. */
  async leave(): Promise<void> {
    this.#files.close();
    const left = this.#session.leave();
    this.#sides.close();
    this.#audio.close();
    this.#peers.clear();
    await left;
  }

  #follow(): void {
    const session = this.#session;
    session.addEventListener("linked", ({ member, link }) => {
      const known = this.#peers.get(member.id);
      const peer = known ?? this.#newPeer(member);
      this.#update(peer, member);
      this.#sides.linked(member, link);
      this.#audio.connect(peer, link, [...member.streams.values()], this.#refusal(member));
      this.#files.linked(member, link);
      if (known === undefined) {
        this.emit("peer-joined", { peer });
      }
      this.#updateHost();
    });
    session.addEventListener("changed", ({ member }) => this.#changed(member));
    session.addEventListener("gone", ({ member, reason }) => this.#gone(member, reason));
    session.addEventListener("stream-added", ({ member, stream }) => {
      const peer = this.#peers.get(member.id);
      if (peer !== undefined) {
        this.#audio.addStream(peer, stream, this.#refusal(member));
        this.emit("peer-changed", { peer });
      }
    });
    session.addEventListener("stream-removed", ({ member, ssrc }) => {
      this.#peers.get(member.id)?.removeStream(ssrc);
      this.#changed(member);
    });
    session.addEventListener("stream-refused", ({ member, ssrc, reason }) => {
      const peer = this.#peers.get(member.id);
      if (peer !== undefined) {
        this.emit("stream-refused", { peer, ssrc, reason });
      }
    });
    session.addEventListener("message", ({ member, message }) => this.#receive(member, message));
    this.#files.addEventListener("offered", ({ member, file }) => {
      const peer = this.#peers.get(member.id);
      if (peer !== undefined) {
        this.emit("file-offered", { peer, file });
      }
    });
    session.addEventListener("policy", ({ policy }) => this.emit("policy-changed", { policy }));
    session.addEventListener("knock", ({ knock }) => this.emit("knock", { knock }));
    session.addEventListener("state", ({ state }) => this.emit("state-changed", { state }));
    session.addEventListener("turned-away", ({ error }) =>
      this.emit("turned-away", { error: error.toVoiceError("Somebody was turned away") }),
    );
    session.addEventListener("ended", ({ error }) => {
      void this.leave();
      this.emit("ended", { error });
      this.emit("error", { error });
    });
    session.addEventListener("error", ({ error }) => this.emit("error", { error }));
  }

  #newPeer(member: Member): Peer {
    const peer = new Peer(member.id, member.name);
    const mix = this.#mixes.get(member.identity);
    if (mix !== undefined) {
      peer.setMix(mix);
    }
    this.#peers.set(member.id, peer);
    return peer;
  }

  #changed(member: Member): void {
    const peer = this.#peers.get(member.id);
    if (peer !== undefined) {
      this.#update(peer, member);
      this.emit("peer-changed", { peer });
    }
  }

  #update(peer: Peer, member: Member): void {
    peer.update({
      name: member.name,
      identity: member.identity,
      isMuted: member.presence.isMuted || member.presence.isDeafened,
      isRecording: member.presence.isRecording === true,
      ...(member.presence.delays === undefined ? {} : { delays: member.presence.delays }),
      isHost: this.#session.roster.hostId === member.id,
      connectionState: member.connection,
      sas: member.sas,
    });
  }

  #gone(member: Member, reason: GoneReason): void {
    this.#sides.gone(member.id);
    this.#files.gone(member, reason !== "lost");
    const peer = this.#peers.get(member.id);
    if (peer === undefined) {
      return;
    }
    this.#mixes.set(peer.identity, peer.mix);
    this.#peers.delete(member.id);
    this.#audio.disconnect(peer);
    peer.update({ connectionState: "closed" });
    this.emit("peer-left", { peer, reason });
    this.#updateHost();
  }

  /** Whoever is here longest now decides about newcomers. */
  #updateHost(): void {
    const { hostId } = this.#session.roster;
    if (hostId === this.#hostId) {
      return;
    }
    this.#hostId = hostId;
    for (const peer of this.#peers.values()) {
      if (peer.isHost !== (peer.id === hostId)) {
        peer.update({ isHost: peer.id === hostId });
        this.emit("peer-changed", { peer });
      }
    }
    this.emit("host-changed", { isHost: this.isHost });
  }

  #receive(member: Member, message: ControlMessage): void {
    const peer = this.#peers.get(member.id);
    if (this.#sides.receive(member, message) || this.#files.receive(member, message)) {
      return;
    }
    if (peer !== undefined && message.type === "chat") {
      this.emit("chat", { peer, text: message.text });
    }
  }

  #reported(peer: Peer, { path, silenceMs, connections }: VoiceReport): void {
    const { mesh } = this.#session;
    this.#files.reportVoice(peer.id, path);
    // What is older was told of before: this message's own delay must not make it younger.
    if (silenceMs !== undefined && silenceMs < STATISTICS_INTERVAL_MS) {
      mesh.heard(peer.id, performance.now() - silenceMs);
    }
    const member = mesh.members.get(peer.id);
    if (member !== undefined) {
      for (const name of VOICE_CONNECTIONS.slice(0, connections - 1)) this.#sides.want(member, name);
    }
    this.#tellDelays();
  }

  #sideConnected(member: Member, name: SideConnectionName, connection: SideConnection): void {
    const peer = this.#peers.get(member.id);
    if (name === "files") this.#files.sideConnected(member.id, connection);
    else if (peer !== undefined) this.#audio.addConnection(peer, connection);
  }

  /** Tells the others when what this machine adds to voices has changed so much that they would see it. */
  #tellDelays(): void {
    const now = performance.now();
    if (now < this.#delaysDue) return;
    const delays = this.#host.delays?.();
    if (delays === undefined || !areDelaysDifferent(this.#toldDelays, delays, DELAY_STEP_MS)) return;
    this.#toldDelays = delays;
    this.#delaysDue = now + DELAY_INTERVAL_MS;
    this.#session.broadcast({ type: "presence", presence: presenceOf(this.#host) });
  }

  #refusal(member: Member): (ssrc: number, reason: string) => void {
    return (ssrc, reason) => member.send({ type: "stream-refused", ssrc, reason });
  }
}

function presenceOf({ isMuted, isRecording, delays }: RoomHost): MemberPresence {
  const presence = { isMuted: isMuted(), isDeafened: false, isRecording: isRecording() };
  const known = delays?.();
  return known === undefined ? presence : { ...presence, delays: known };
}

function descriptionsOf(streams: readonly LocalStream[]): StreamDescription[] {
  return streams.map(({ ssrc, kind, label, settings }) => ({
    ssrc,
    kind,
    label: displayName(label, 200),
    channels: settings.encoder.stereo ? 2 : 1,
  }));
}
