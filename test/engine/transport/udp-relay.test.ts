import { createSocket, type Socket } from "node:dgram";
import { afterEach, describe, expect, it } from "vitest";
import { CLEAN_PROFILE } from "../../../src/engine/measurement/impairment.ts";
import { UdpRelay } from "../../support/udp-relay.ts";

type Received = { readonly text: string; readonly fromPort: number };

/** A UDP socket on loopback that hands out what it receives. */
class Endpoint {
  readonly socket: Socket = createSocket("udp4");
  #waiting: ((received: Received) => void) | undefined;
  readonly #queue: Received[] = [];

  async open(): Promise<number> {
    this.socket.on("message", (message, { port }) => {
      const received = { text: message.toString(), fromPort: port };
      if (this.#waiting === undefined) this.#queue.push(received);
      else this.#waiting(received);
      this.#waiting = undefined;
    });
    await new Promise<void>((resolve) => this.socket.bind(0, "127.0.0.1", resolve));
    return this.socket.address().port;
  }

  next(): Promise<Received> {
    const queued = this.#queue.shift();
    if (queued !== undefined) return Promise.resolve(queued);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }
}

describe("the UDP relay", () => {
  const relay = new UdpRelay(1);
  const near = new Endpoint();
  const far = new Endpoint();
  afterEach(async () => {
    await relay.close();
    near.socket.close();
    far.socket.close();
  });

  it("shows each side one address for the other, in both directions, and drops what the profile loses", async () => {
    const nearPort = await near.open();
    const farPort = await far.open();
    const nearStand = await relay.standFor("127.0.0.1", nearPort, "near");
    const farStand = await relay.standFor("127.0.0.1", farPort, "far");
    near.socket.send("hello", farStand, "127.0.0.1");
    expect(await far.next()).toEqual({ text: "hello", fromPort: nearStand });
    far.socket.send("welcome", nearStand, "127.0.0.1");
    expect(await near.next()).toEqual({ text: "welcome", fromPort: farStand });

    relay.setProfile({ ...CLEAN_PROFILE, trace: [null, 5] });
    near.socket.send("lost", farStand, "127.0.0.1");
    near.socket.send("late", farStand, "127.0.0.1");
    expect(await far.next()).toMatchObject({ text: "late" });
    const traffic = relay.takeTraffic();
    expect(traffic.far).toMatchObject({ packets: 3, dropped: 1 });
    expect(traffic.near).toMatchObject({ packets: 1, dropped: 0 });
  });
});
