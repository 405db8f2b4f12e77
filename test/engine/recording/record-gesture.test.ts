import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RecordGesture, type RecordInput } from "../../../src/ui/screens/notes/record-gesture.ts";

const PRESS: RecordInput = { type: "press", x: 300, y: 500, at: 0 };

describe("the record button", () => {
  it("records while it is held and keeps what was said", () => {
    expect(run([PRESS, { type: "move", x: 290, y: 495 }, { type: "release", at: 2_000 }])).toEqual(["start", "stop"]);
  });

  it("locks when tapped, and when slid up", () => {
    expect(run([PRESS, { type: "release", at: 120 }])).toEqual(["start", "lock"]);
    expect(run([PRESS, { type: "move", x: 300, y: 400 }, { type: "release", at: 3_000 }])).toEqual(["start", "lock"]);
  });

  it("cancels when slid left, once", () => {
    const slide: RecordInput[] = [60, 90, 120].map((way) => ({ type: "move", x: 300 - way, y: 500 }));
    expect(run([PRESS, ...slide, { type: "release", at: 900 }])).toEqual(["start", "cancel"]);
  });

  it("does not take a slide back for a tap, nor a short slide for a cancel", () => {
    expect(run([PRESS, { type: "move", x: 240, y: 500 }, { type: "release", at: 200 }])).toEqual(["start", "stop"]);
  });

  it("goes on without the hand when the system takes the pointer away", () => {
    expect(run([PRESS, { type: "lose" }, { type: "release", at: 500 }])).toEqual(["start", "lock"]);
  });

  it("wants one end for each start, whatever the hand does", () => {
    const coordinate = fc.integer({ min: 0, max: 600 });
    const input = fc.oneof(
      fc.record({ type: fc.constant("press" as const), x: coordinate, y: coordinate, at: fc.nat(5_000) }),
      fc.record({ type: fc.constant("move" as const), x: coordinate, y: coordinate }),
      fc.record({ type: fc.constant("release" as const), at: fc.nat(5_000) }),
      fc.constant<RecordInput>({ type: "lose" }),
    );
    fc.assert(
      fc.property(fc.array(input, { maxLength: 40 }), (inputs) => {
        run(inputs).forEach((intent, index) => {
          expect(intent === "start").toBe(index % 2 === 0);
        });
      }),
    );
  });
});

function run(inputs: readonly RecordInput[]): readonly string[] {
  const gesture = new RecordGesture();
  return inputs.flatMap((input) => gesture.input(input) ?? []);
}
