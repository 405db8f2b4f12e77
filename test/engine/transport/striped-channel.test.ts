import { describe, expect, it } from "vitest";
import { StripedChannel } from "../../../src/engine/transport/striped-channel.ts";
import { ManualChannel } from "../../support/manual-channel.ts";

const packet = new Uint8Array([1, 2, 3]);

/** A channel over `count` manual ones, all open and heard. */
function striped(count: number): { readonly channel: StripedChannel; readonly ends: readonly ManualChannel[] } {
  const ends = Array.from({ length: count }, () => new ManualChannel());
  const [first, ...rest] = ends;
  if (first === undefined) throw new RangeError("A striped channel has at least one end");
  const channel = new StripedChannel(first, 0);
  for (const end of rest) channel.add(end, 0);
  return { channel, ends };
}

const counts = (ends: readonly ManualChannel[]): number[] => ends.map(({ sent }) => sent.length);

describe("a channel over several connections", () => {
  it("uses them in turn while nothing waits", () => {
    const { channel, ends } = striped(3);
    for (let i = 0; i < 30; i++) channel.send(packet);
    expect(counts(ends)).toEqual([10, 10, 10]);
  });

  it("sends where least is waiting, and says how much that is", () => {
    const { channel, ends } = striped(3);
    ends.forEach((end, index) => {
      end.bufferedAmount = [900, 100, 500][index] ?? 0;
    });
    channel.send(packet);
    expect(counts(ends)).toEqual([0, 1, 0]);
    expect(channel.bufferedAmount).toBe(100);
  });

  it("keeps to the first on a narrow path, until something waits there; reports go on each in turn", () => {
    const { channel, ends } = striped(3);
    const [first] = ends;
    channel.isSpreading = false;
    for (let i = 0; i < 6; i++) channel.send(packet);
    expect(counts(ends)).toEqual([6, 0, 0]);
    if (first !== undefined) first.bufferedAmount = 50;
    channel.send(packet);
    expect(counts(ends)).toEqual([6, 1, 0]);
    if (first !== undefined) first.bufferedAmount = 0;
    for (let i = 0; i < 3; i++) channel.sendInTurn(packet);
    expect(counts(ends)).toEqual([7, 2, 1]);
  });

  it("does without a channel that is not open yet, or not any more", () => {
    const { channel, ends } = striped(2);
    const [first, second] = ends;
    if (first === undefined || second === undefined) throw new Error("There are two");
    second.isOpen = false;
    for (let i = 0; i < 4; i++) channel.send(packet);
    expect(counts(ends)).toEqual([4, 0]);
    first.isOpen = false;
    expect(channel.isOpen).toBe(false);
    expect(channel.bufferedAmount).toBe(0);
    expect(() => channel.send(packet)).toThrow(DOMException);
    second.isOpen = true;
    channel.send(packet);
    expect(counts(ends)).toEqual([4, 1]);
  });

  it("leaves a channel alone that leads nowhere: nothing comes on it while others are heard", () => {
    const { channel, ends } = striped(2);
    const [first] = ends;
    if (first === undefined) throw new Error("There are two");
    for (let now = 0; now <= 5000; now += 100) {
      channel.heard(first, now);
      channel.tick(now);
    }
    for (let i = 0; i < 4; i++) channel.send(packet);
    expect(counts(ends)).toEqual([4, 0]);
  });

  it("takes a channel up again that is heard again, and gives a new one time to be heard", () => {
    const { channel, ends } = striped(2);
    const [first, second] = ends;
    if (first === undefined || second === undefined) throw new Error("There are two");
    for (let now = 0; now <= 5000; now += 100) {
      channel.heard(first, now);
      channel.tick(now);
    }
    channel.heard(second, 5050);
    channel.tick(5100);
    channel.send(packet);
    channel.send(packet);
    expect(counts(ends)).toEqual([1, 1]);
    const third = new ManualChannel();
    third.isOpen = false;
    channel.add(third, 5100);
    channel.tick(20_000);
    channel.heard(first, 20_000);
    third.isOpen = true;
    channel.tick(20_100);
    for (let i = 0; i < 4; i++) channel.send(packet);
    expect(third.sent.length).toBe(2);
  });

  it("goes on with all of them when all are silent: then it is the path or the peer", () => {
    const { channel, ends } = striped(2);
    channel.tick(60_000);
    for (let i = 0; i < 4; i++) channel.send(packet);
    expect(counts(ends)).toEqual([2, 2]);
  });

  it("can lose every channel but the first", () => {
    const { channel, ends } = striped(2);
    for (const end of ends) channel.remove(end);
    expect(channel.count).toBe(1);
    channel.send(packet);
    expect(counts(ends)).toEqual([1, 0]);
  });
});
