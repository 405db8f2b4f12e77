import { ControlChannel } from "../../src/engine/session/control-channel.ts";
import type { ControlMessageOf } from "../../src/engine/session/core/control-message.ts";
import { RoomKeys } from "../../src/engine/session/core/room-keys.ts";
import { greet } from "../../src/engine/session/greet.ts";
import { type LoopbackNetwork, LoopbackTransport } from "../../src/engine/transport/loopback-transport.ts";
import type { PeerLink } from "../../src/engine/transport/transport.ts";

/** Somebody who speaks the protocol when it suits them, and anything else otherwise. */
export class HostileClient {
  readonly transport: LoopbackTransport;
  readonly #keys: RoomKeys;

  constructor(network: LoopbackNetwork, id: string, secret = "s3cret", room = "room") {
    this.transport = new LoopbackTransport(network, id);
    this.#keys = RoomKeys.derive(room, secret);
  }

  get keys(): RoomKeys {
    return this.#keys;
  }

  /** A link on which nothing has been said yet. */
  dial(id: string): Promise<PeerLink> {
    return this.transport.connect(id);
  }

  /** A link to a member on which this side has proved to know the secret, under its own id or another one. */
  async prove(
    id: string,
    purpose: "lobby" | "member" = "member",
    ownId = this.transport.localId,
  ): Promise<ControlChannel> {
    const channel = new ControlChannel(await this.dial(id));
    await greet(channel, { key: this.#keys.access, ownId, purpose });
    channel.release();
    return channel;
  }

  /** A full membership towards one member, with an introduction of one's own making. */
  async enter(id: string, welcome: Partial<ControlMessageOf<"welcome">> = {}): Promise<ControlChannel> {
    const channel = await this.prove(id);
    channel.send({
      type: "welcome",
      name: "Mallory",
      identity: "mallory",
      order: 5,
      presence: { isMuted: false, isDeafened: false },
      streams: [],
      roster: [],
      policy: { isLocked: false, isAdmissionRequired: false },
      capabilities: [],
      ...welcome,
    });
    return channel;
  }
}
