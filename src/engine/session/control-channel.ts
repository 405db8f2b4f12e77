import { TokenBucket } from "../transport/token-bucket.ts";
import type { LinkCloseReason, PeerLink } from "../transport/transport.ts";
import { TypedEventTarget } from "../typed-event-target.ts";
import {
  type ControlMessage,
  encodeControlMessage,
  type MessageDrop,
  parseControlMessage,
  type RefusalReason,
} from "./core/control-message.ts";

/** Control messages accepted from one peer: chat, file progress and a roster of changes, several times over. */
const MESSAGE_RATE = { perSecond: 60, burst: 300 } as const;

/** A peer that sends this many messages that are no messages is not one of ours. */
const MAX_DROPS = 500;

/** A refusal needs this long to get out before the link may close, ms. */
const REFUSAL_FLUSH_MS = 400;

/** Why a message went no further. */
export type ControlDropReason = MessageDrop | "rate-limited";

/** Events of a control channel. */
export type ControlChannelEvents = {
  readonly message: { readonly message: ControlMessage };
  readonly closed: { readonly reason: LinkCloseReason };
};

/** The control messages of one link: checked, counted and limited. Whoever is behind it has still to prove itself. */
export class ControlChannel extends TypedEventTarget<ControlChannelEvents> {
  readonly link: PeerLink;
  readonly #rate: TokenBucket;
  readonly #drops = new Map<ControlDropReason, number>();
  #dropped = 0;
  #isRefused = false;
  #held: ControlMessage[] | undefined;

  constructor(link: PeerLink) {
    super();
    this.link = link;
    this.#rate = new TokenBucket(MESSAGE_RATE, performance.now());
    link.addEventListener("message", ({ data }) => this.#receive(data));
    link.addEventListener("closed", ({ reason }) => this.emit("closed", { reason }), { once: true });
  }

  /** Messages that went no further, by reason; reasons that never occurred are absent. */
  get drops(): Readonly<Partial<Record<ControlDropReason, number>>> {
    return Object.fromEntries(this.#drops);
  }

  get isOpen(): boolean {
    return this.link.state !== "closed" && !this.#isRefused;
  }

  /** Sends one message. Ignored once the link is closed. */
  send(message: ControlMessage): void {
    if (this.isOpen) {
      this.link.send(encodeControlMessage(message));
    }
  }

  /** Keeps what arrives until `release`, while the channel changes hands. */
  hold(): void {
    this.#held ??= [];
  }

  /** Delivers what was kept, and everything from now on at once. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const message of held) {
      this.emit("message", { message });
    }
  }

  /** Tells the other side why it is turned away, and closes the link once that is out. Nothing is received any more. */
  refuse(reason: RefusalReason): void {
    this.send({ type: "refuse", reason });
    this.closeSoon();
  }

  /** Closes the link when what has been sent is out. */
  closeSoon(): void {
    if (!this.#isRefused) {
      this.#isRefused = true;
      setTimeout(() => this.link.close(), REFUSAL_FLUSH_MS);
    }
  }

  /** Closes the link. Idempotent. */
  close(): void {
    this.link.close();
  }

  #receive(data: string | Uint8Array): void {
    if (this.#isRefused) {
      return;
    }
    if (!this.#rate.take(performance.now())) {
      this.#drop("rate-limited");
      return;
    }
    const parsed = parseControlMessage(data);
    if ("drop" in parsed) {
      this.#drop(parsed.drop);
      return;
    }
    if (this.#held === undefined) {
      this.emit("message", { message: parsed.message });
    } else {
      this.#held.push(parsed.message);
    }
  }

  #drop(reason: ControlDropReason): void {
    this.#drops.set(reason, (this.#drops.get(reason) ?? 0) + 1);
    this.#dropped += 1;
    if (this.#dropped === MAX_DROPS) {
      this.refuse("protocol");
    }
  }
}
