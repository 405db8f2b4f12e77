import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import type { SettingsPatch } from "../../../src/engine/settings/apply-patch.ts";
import { VirtualNodes } from "../../support/virtual-nodes.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Quanta measured at once: 2.7 s of audio, too little for the heap to fill on its own. */
const QUANTA = 1_000;
/** Compilation happens when the machine has time for it: rounds until then at most. */
const MAX_ROUNDS = 60;
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
 * Heap bytes that one quantum takes: the least of several rounds, because compilers and collectors put something of their own
 * on the heap now and then, and code that is not compiled yet boxes every number. Ends as soon as it is under `enough`.
 */
function bytesPerQuantum(run: () => void, enough: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < MAX_ROUNDS && least >= enough; round++) {
    collect();
    const before = getHeapStatistics().used_heap_size;
    for (let i = 0; i < QUANTA; i++) run();
    const taken = (getHeapStatistics().used_heap_size - before) / QUANTA;
    // Less than before: something was collected meanwhile, the round says nothing.
    if (taken >= 0) least = Math.min(least, taken);
  }
  return least;
}

describe("the audio threads in a steady state", () => {
  it.each([44_100])("put no objects on the heap at %i Hz", { timeout: 120_000 }, (rate) => {
    const nodes = new VirtualNodes({ captureRate: rate, playbackRate: rate, settings: BUSY, listeners: LISTENERS });
    nodes.run(6, (time) => 0.2 * Math.sin(2 * Math.PI * 220 * time) * (Math.floor(time) % 2));
    expect(bytesPerQuantum(() => nodes.captureQuantum(), MAX_BYTES)).toBeLessThan(MAX_BYTES);
    const most = LISTENERS * MAX_BYTES;
    expect(bytesPerQuantum(() => nodes.playbackQuantum(), most)).toBeLessThan(most);
    nodes.close();
  });
});
