import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  DEFAULT_VOICE_TRIGGER,
  VoiceTrigger,
  type VoiceTriggerDecision,
} from "../../../src/engine/recording/voice-trigger.ts";

const BLOCK = 480;

describe("a voice-triggered recording", () => {
  it("starts before the first word and stops after the last", () => {
    const events = run([...quiet(100), ...talk(100), ...quiet(300)]);
    expect(events).toEqual([
      { type: "start", atSample: 100 * BLOCK - 300 * 48 },
      { type: "stop", atSample: 200 * BLOCK + 300 * 48 },
    ]);
  });

  it("does not start for a click, nor for clicks that are far apart", () => {
    expect(run([...quiet(50), ...talk(5), ...quiet(50), ...talk(8), ...quiet(300)])).toEqual([]);
  });

  it("starts for a word with a short gap in it", () => {
    const [start] = run([...quiet(50), ...talk(6), ...quiet(4), ...talk(8), ...quiet(300)]);
    expect(start).toEqual({ type: "start", atSample: 50 * BLOCK - 300 * 48 });
  });

  it("survives pauses shorter than the silence that ends it", () => {
    const events = run([...quiet(50), ...talk(50), ...quiet(190), ...talk(50), ...quiet(300)]);
    expect(events.map(({ type }) => type)).toEqual(["start", "stop"]);
  });

  it("never lets a second recording reach back into the first", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 400 }), fc.boolean()), { maxLength: 30 }), (runs) => {
        let lastStop = 0;
        for (const event of run(runs.flatMap(([length, isTalk]) => (isTalk ? talk(length) : quiet(length))))) {
          if (event.type === "start") expect(event.atSample).toBeGreaterThanOrEqual(lastStop);
          if (event.type === "stop") lastStop = event.atSample;
        }
      }),
    );
  });
});

type Edge = Exclude<VoiceTriggerDecision, { type: "wait" | "record" }>;

function run(probabilities: readonly number[]): readonly Edge[] {
  const trigger = new VoiceTrigger(DEFAULT_VOICE_TRIGGER);
  const events: Edge[] = [];
  for (const probability of probabilities) {
    const decision = trigger.advance(BLOCK, probability);
    if (decision.type === "start" || decision.type === "stop") events.push(decision);
  }
  return events;
}

function talk(blocks: number): number[] {
  return Array.from({ length: blocks }, () => 0.95);
}

function quiet(blocks: number): number[] {
  return Array.from({ length: blocks }, () => 0.02);
}
