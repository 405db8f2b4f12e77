import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import type { SettingsPatch } from "../../../src/engine/settings/apply-patch.ts";
import { VirtualNodes } from "../../support/virtual-nodes.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Quanta measured at once: 2.7 s of audio, too little for the heap to fill on its own. */
const QUANTA = 1_000;
const ROUNDS = 5;
const LISTENERS = 4;
/**
 * No object, array, closure or view is made in a quantum. What remains are numbers that one function hands to another that the
 * engine does not inline, 16 bytes each: at most ten of them in a capture node and for each stream.
 */
const MAX_BYTES = 160;

const BUSY: SettingsPatch = {
  capture: { suppressor: { kind: "rnnoise" }, activation: { mode: "open" } },
  encoder: { bitrate: 32_000, dtx: false },
};

/**
 * Heap bytes that one quantum takes: the least of several rounds, because compilers and collectors put something of their
 * own on the heap now and then.
 */
function bytesPerQuantum(run: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    collect();
    const before = getHeapStatistics().used_heap_size;
    for (let i = 0; i < QUANTA; i++) run();
    least = Math.min(least, (getHeapStatistics().used_heap_size - before) / QUANTA);
  }
  return least;
}

describe("the audio threads in a steady state", () => {
  it.each([44_100])("put no objects on the heap at %i Hz", { timeout: 120_000 }, (rate) => {
    const nodes = new VirtualNodes({ captureRate: rate, playbackRate: rate, settings: BUSY, listeners: LISTENERS });
    nodes.run(6, (time) => 0.2 * Math.sin(2 * Math.PI * 220 * time) * (Math.floor(time) % 2));
    expect(bytesPerQuantum(() => nodes.captureQuantum())).toBeLessThan(MAX_BYTES);
    expect(bytesPerQuantum(() => nodes.playbackQuantum())).toBeLessThan(LISTENERS * MAX_BYTES);
    nodes.close();
  });
});
