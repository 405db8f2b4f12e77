import { describe, expect, it } from "vitest";
import { StripedChannel } from "../../../src/engine/transport/striped-channel.ts";
import { ManualChannel } from "../../support/manual-channel.ts";

const packet = new Uint8Array([1, 2, 3]);

/** A channel over `count` manual ones, all open and heard. */
function striped(count: number): { readonly channel: StripedChannel; readonly ends: readonly ManualChannel[] } {
  const ends = Array.from({ length: count }, () => new ManualChannel());
  const [first, ...rest] = ends;
  if (first === undefined) throw new RangeError("A striped channel has at least one end");
  const channel = new StripedChannel(first);
  for (const end of rest) channel.add(end);
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

  it("leaves a channel alone that leads nowhere: nothing comes on it while much comes on the others", () => {
    const { channel, ends } = striped(2);
    const [first, second] = ends;
    if (first === undefined || second === undefined) throw new Error("There are two");
    for (let i = 0; i < 50; i++) channel.heard(first);
    for (let i = 0; i < 4; i++) channel.send(packet);
    expect(counts(ends)).toEqual([4, 0]);
    channel.heard(second);
    for (let i = 0; i < 4; i++) channel.send(packet);
    expect(counts(ends)).toEqual([6, 2]);
  });

  it("leaves the first alone as well", () => {
    const { channel, ends } = striped(2);
    const [, second] = ends;
    if (second === undefined) throw new Error("There are two");
    for (let i = 0; i < 50; i++) channel.heard(second);
    for (let i = 0; i < 4; i++) channel.send(packet);
    expect(counts(ends)).toEqual([0, 4]);
  });

  it("does not hold against a channel what came before it was open", () => {
    const { channel, ends } = striped(1);
    const [first] = ends;
    if (first === undefined) throw new Error("There is one");
    const late = new ManualChannel();
    late.isOpen = false;
    channel.add(late);
    for (let i = 0; i < 500; i++) channel.heard(first);
    late.isOpen = true;
    for (let i = 0; i < 4; i++) channel.send(packet);
    expect(late.sent.length).toBe(2);
  });

  it("uses a silent channel when no other is open", () => {
    const { channel, ends } = striped(2);
    const [first, second] = ends;
    if (first === undefined || second === undefined) throw new Error("There are two");
    for (let i = 0; i < 50; i++) channel.heard(first);
    first.isOpen = false;
    channel.send(packet);
    expect(counts(ends)).toEqual([0, 1]);
  });

  it("uses no more than the user wants", () => {
    const { channel, ends } = striped(3);
    channel.limit = 2;
    for (let i = 0; i < 8; i++) channel.send(packet);
    expect(counts(ends)).toEqual([4, 4, 0]);
  });

  it("can lose every channel but the first", () => {
    const { channel, ends } = striped(2);
    for (const end of ends) channel.remove(end);
    expect(channel.count).toBe(1);
    channel.send(packet);
    expect(counts(ends)).toEqual([1, 0]);
  });
});
