import type { ControlChannel } from "./control-channel.ts";
import type { ControlMessage, ControlMessageOf, MemberPresence, StreamDescription } from "./core/control-message.ts";
import { displayName, NAMELESS } from "./core/display-name.ts";
import { Liveness } from "./core/liveness.ts";

/** How the way to a member stands. `reconnecting` may recover by itself. */
export type MemberConnection = "connecting" | "connected" | "reconnecting" | "closed";

/** Two links between the same members that open within this time were dialled from both sides at once, ms. */
const GLARE_MS = 5000;

/** A link whose other side has proved itself and then does not introduce itself is given up, ms. */
const WELCOME_MS = 8000;

/** One other member of the room, over as many links as it takes. */
export class Member {
  readonly id: string;
  readonly liveness: Liveness;
  /** As it calls itself; sanitised. */
  name = NAMELESS;
  /** Stays the same when its page is loaded again. Empty before it has introduced itself. */
  identity = "";
  /** What it says it can do. */
  capabilities: readonly string[] = [];
  presence: MemberPresence = { isMuted: false, isDeafened: false };
  /** Digits that are the same on both sides when nobody sits in between. */
  sas = "";
  /** Whether it has introduced itself over the current link. */
  isWelcome = false;
  /** Whether it has ever introduced itself. */
  isKnown = false;
  connection: MemberConnection = "connecting";
  /** When a new link is to be tried, ms; infinity while there is no need. */
  redialAtMs = Number.POSITIVE_INFINITY;
  /** Round-trip time of the control channel, ms; undefined before the first answer. */
  roundTripTimeMs: number | undefined;
  readonly streams = new Map<number, StreamDescription>();
  #channel: ControlChannel | undefined;
  #listening = new AbortController();
  #linkedAtMs = 0;
  #ping: { readonly nonce: number; readonly sentMs: number } | undefined;

  constructor(id: string, nowMs: number) {
    this.id = id;
    this.liveness = new Liveness(nowMs);
  }

  /** The link in use. */
  get channel(): ControlChannel | undefined {
    return this.#channel;
  }

  /** Takes its introduction. */
  introduce(welcome: ControlMessageOf<"welcome">): void {
    this.name = displayName(welcome.name);
    this.identity = welcome.identity;
    this.capabilities = welcome.capabilities;
    this.presence = welcome.presence;
    this.streams.clear();
    for (const stream of welcome.streams) {
      this.streams.set(stream.ssrc, stream);
    }
  }

  send(message: ControlMessage): void {
    this.#channel?.send(message);
  }

  /**
   * Whether `channel` is to replace the link in use. When both sides dialled at the same time, both keep the link that
   * the smaller id dialled.
   */
  prefers(channel: ControlChannel, localId: string, nowMs: number): boolean {
    const current = this.#channel;
    const isGlare =
      current?.isOpen === true &&
      !this.liveness.isInterrupted &&
      nowMs - this.#linkedAtMs < GLARE_MS &&
      current.link.isInitiator !== channel.link.isInitiator;
    return !isGlare || channel.link.isInitiator === localId < this.id;
  }

  /** Uses `channel` from now on and closes the one before. The signal aborts when this one is replaced in turn. */
  adopt(channel: ControlChannel, sas: string, nowMs: number): AbortSignal {
    const before = this.#channel;
    this.#listening.abort();
    this.#listening = new AbortController();
    this.#channel = channel;
    this.#linkedAtMs = nowMs;
    this.sas = sas;
    this.isWelcome = false;
    this.redialAtMs = Number.POSITIVE_INFINITY;
    this.liveness.linkHeard(nowMs);
    before?.close();
    return this.#listening.signal;
  }

  /** Whether it has proved itself and then said nothing for too long. */
  isOverdue(nowMs: number): boolean {
    return this.#channel !== undefined && !this.isWelcome && nowMs - this.#linkedAtMs > WELCOME_MS;
  }

  /** The link in use is gone. */
  unlink(): void {
    this.#listening.abort();
    this.#channel = undefined;
    this.isWelcome = false;
  }

  /** Sends a heartbeat. */
  ping(nowMs: number): void {
    const nonce = Math.floor(Math.random() * 2 ** 32);
    this.#ping = { nonce, sentMs: nowMs };
    this.send({ type: "ping", nonce });
  }

  /** Takes the answer to a heartbeat. */
  ponged(nonce: number, nowMs: number): void {
    if (this.#ping?.nonce === nonce) {
      this.roundTripTimeMs = nowMs - this.#ping.sentMs;
      this.#ping = undefined;
    }
  }
}
