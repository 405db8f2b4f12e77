import type { PeerLink } from "../transport/transport.ts";
import { ControlChannel } from "./control-channel.ts";
import type { ControlMessageOf, RefusalReason } from "./core/control-message.ts";
import { displayName } from "./core/display-name.ts";
import { greet } from "./greet.ts";
import { RefusedError } from "./refused-error.ts";

/** Newcomers that may be at the desk at the same time. */
const MAX_VISITORS = 16;

/** A newcomer that has proved itself and then does not say what it wants is sent away, ms. */
const VISIT_MS = 5000;

/** What the desk asks of the room. */
export type LobbyDeskOptions = {
  readonly key: Uint8Array;
  readonly ownId: string;
  /**
   * Whether the visitor may have a seat, which may take the host a while to say; `onWait` is called then. The signal
   * aborts when the visitor goes away.
   */
  readonly admit: (visitor: Visitor) => Promise<RefusalReason | undefined>;
  /** Gives the visitor a seat, tells the members, and returns what to tell the visitor. */
  readonly seat: (id: string) => ControlMessageOf<"seat">;
  /** Somebody was turned away before it could prove anything. */
  readonly turnedAway: (error: RefusedError) => void;
};

/** Somebody who has proved to know the secret and wants to come in. */
export type Visitor = {
  readonly id: string;
  /** Sanitised. */
  readonly name: string;
  readonly onWait: () => void;
  readonly signal: AbortSignal;
};

/** Receives newcomers at the meeting points that this member holds. */
export class LobbyDesk {
  readonly #options: LobbyDeskOptions;
  #visitors = 0;

  constructor(options: LobbyDeskOptions) {
    this.#options = options;
  }

  /** Deals with one newcomer. Never rejects. */
  async receive(link: PeerLink): Promise<void> {
    if (this.#visitors >= MAX_VISITORS) {
      link.close();
      return;
    }
    this.#visitors += 1;
    const channel = new ControlChannel(link);
    try {
      await this.#serve(channel);
    } catch (error) {
      if (!(error instanceof RefusedError)) {
        throw error;
      }
      this.#options.turnedAway(error);
    } finally {
      this.#visitors -= 1;
    }
  }

  async #serve(channel: ControlChannel): Promise<void> {
    const { key, ownId, admit, seat } = this.#options;
    const greeting = await greet(channel, { key, ownId, purpose: "lobby" });
    const { remoteId } = channel.link;
    const name = await visitOf(channel);
    if (greeting.purpose !== "lobby" || greeting.remoteId !== remoteId || name === undefined) {
      channel.refuse("protocol");
      return;
    }
    const gone = new AbortController();
    channel.addEventListener("closed", () => gone.abort(), { once: true });
    const onWait = (): void => channel.send({ type: "wait" });
    const refusal = await admit({ id: remoteId, name: displayName(name), onWait, signal: gone.signal });
    if (gone.signal.aborted) {
      return;
    }
    if (refusal === undefined) {
      channel.send(seat(remoteId));
      channel.closeSoon();
    } else {
      channel.refuse(refusal);
    }
  }
}

/** The name a visitor gives; undefined when it says nothing of the kind in time. */
function visitOf(channel: ControlChannel): Promise<string | undefined> {
  return new Promise((resolve) => {
    const done = new AbortController();
    const settle = (name: string | undefined): void => {
      done.abort();
      clearTimeout(timer);
      resolve(name);
    };
    const timer = setTimeout(() => settle(undefined), VISIT_MS);
    channel.addEventListener("message", ({ message }) => settle(message.type === "visit" ? message.name : undefined), {
      signal: done.signal,
    });
    channel.addEventListener("closed", () => settle(undefined), { signal: done.signal });
    channel.release();
  });
}
