import type { SideConnection } from "../transport/side-connection.ts";
import type { PeerLink } from "../transport/transport.ts";
import type { ControlMessage, ControlMessageOf, SideConnectionName } from "./core/control-message.ts";
import type { Member } from "./member.ts";

/** What a member that takes part in this says of itself. */
export const SIDE_CAPABILITY = "side-connections";

/** A connection that failed, or a request that came to nothing, is not followed by another one for this long, ms. */
const RETRY_MS = 8000;

/** Offers of the same connection are taken no faster than this, ms: each makes a new one. */
const MIN_OFFER_MS = 2000;

/** Told of every side connection in the task that made it, which is when its channel can be transferred. */
export type SideConnectionSink = (member: Member, name: SideConnectionName, connection: SideConnection) => void;

/** One name on one link. */
type Side = { connection: SideConnection | undefined; attempt: number; nextAtMs: number; offeredAtMs: number };

type Sides = { readonly link: PeerLink; readonly byName: Map<SideConnectionName, Side> };

/**
 * The further connections to every member, made over its proved link when either side wants them. Their descriptions travel on that
 * link, so a side connection leads to whom the link leads. The side that has opened the link offers, the other one asks it to. Main
 * thread.
 */
export class SideConnections {
  readonly #sink: SideConnectionSink;
  readonly #members = new Map<string, Sides>();

  constructor(sink: SideConnectionSink) {
    this.#sink = sink;
  }

  /** A member is linked, perhaps anew: what belonged to the link before is closed. */
  linked(member: Member, link: PeerLink): void {
    this.gone(member.id);
    this.#members.set(member.id, { link, byName: new Map() });
  }

  /** Makes the side connection called `name` unless there is one, or one has failed just now. False when the member knows none. */
  want(member: Member, name: SideConnectionName): boolean {
    if (!member.capabilities.includes(SIDE_CAPABILITY)) return false;
    const sides = this.#members.get(member.id);
    if (sides === undefined) return false;
    const side = sideOf(sides, name);
    const nowMs = performance.now();
    if (side.connection !== undefined || nowMs < side.nextAtMs) return true;
    side.nextAtMs = nowMs + RETRY_MS;
    if (sides.link.isInitiator) this.#create(member, sides, name, side.attempt + 1).offer();
    else member.send({ type: "side-request", name });
    return true;
  }

  /** Takes a control message of a member; false when it is not about side connections. */
  receive(member: Member, message: ControlMessage): boolean {
    if (message.type === "side-request") {
      if (this.#members.get(member.id)?.link.isInitiator === true) this.want(member, message.name);
      return true;
    }
    if (message.type === "side-closed") {
      const side = this.#members.get(member.id)?.byName.get(message.name);
      if (side?.attempt === message.attempt) side.connection?.close();
      return true;
    }
    if (message.type !== "side-signal") return false;
    this.#signalled(member, message);
    return true;
  }

  /** A member is gone, or its link is. */
  gone(memberId: string): void {
    for (const side of this.#members.get(memberId)?.byName.values() ?? []) {
      const { connection } = side;
      side.connection = undefined;
      connection?.close();
    }
    this.#members.delete(memberId);
  }

  /** Ends all of them. */
  close(): void {
    for (const memberId of [...this.#members.keys()]) this.gone(memberId);
  }

  #signalled(member: Member, { name, attempt, signal }: ControlMessageOf<"side-signal">): void {
    const sides = this.#members.get(member.id);
    if (sides === undefined) return;
    const side = sideOf(sides, name);
    const isOffer = signal.kind === "description" && signal.type === "offer";
    const nowMs = performance.now();
    if (isOffer && !sides.link.isInitiator && attempt > side.attempt && nowMs - side.offeredAtMs >= MIN_OFFER_MS) {
      side.offeredAtMs = nowMs;
      const before = side.connection;
      this.#create(member, sides, name, attempt);
      before?.close();
    }
    if (attempt === side.attempt) side.connection?.handle(signal);
  }

  #create(member: Member, sides: Sides, name: SideConnectionName, attempt: number): SideConnection {
    const side = sideOf(sides, name);
    const connection = sides.link.createSideConnection(name === "files" ? "bulk" : "voice", (signal) =>
      member.send({ type: "side-signal", name, attempt, signal }),
    );
    side.connection = connection;
    side.attempt = attempt;
    connection.closed.addEventListener("abort", () => {
      if (side.connection !== connection) return;
      side.connection = undefined;
      side.nextAtMs = performance.now() + RETRY_MS;
      // The other end may not notice for long, and would go on sending there.
      member.send({ type: "side-closed", name, attempt });
    });
    this.#sink(member, name, connection);
    return connection;
  }
}

function sideOf({ byName }: Sides, name: SideConnectionName): Side {
  const known = byName.get(name);
  if (known !== undefined) return known;
  const side: Side = {
    connection: undefined,
    attempt: 0,
    nextAtMs: Number.NEGATIVE_INFINITY,
    offeredAtMs: Number.NEGATIVE_INFINITY,
  };
  byName.set(name, side);
  return side;
}
