import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LatencyCheckpoint } from "../../../bench/latency-checkpoint.ts";
import { latencyBenchPlan } from "../../../bench/latency-plans.ts";
import { createLatencyPlan, QUICK_LATENCY_CHOICE } from "../../../src/engine/latency-lab/latency-plan.ts";
import type { LatencyRun, UnmeasuredLatency } from "../../../src/engine/latency-lab/latency-result.ts";
import { parseLatencyRun } from "../../../src/engine/latency-lab/parse-latency-run.ts";

const PLAN = createLatencyPlan(QUICK_LATENCY_CHOICE);
const ENVIRONMENT: LatencyRun["environment"] = {
  userAgent: "test",
  platform: "test",
  processors: 2,
  isCrossOriginIsolated: true,
  outputLatencyMs: 8,
};

let folder: string;
let file: string;

const result = (index: number, status: UnmeasuredLatency["status"]): UnmeasuredLatency => {
  const cell = PLAN.cells[index];
  if (cell === undefined) throw new RangeError(`The plan has no cell ${index}`);
  return { status, cell, reason: "by the test" };
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "antiphon-checkpoint-"));
  file = join(folder, "run.json");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a run that is cut off", () => {
  it("leaves every finished cell in its file, as a run that can be read", () => {
    const checkpoint = new LatencyCheckpoint(PLAN, file);
    checkpoint.add(result(0, "unsupported"), ENVIRONMENT);
    checkpoint.add(result(1, "unsupported"), ENVIRONMENT);
    const run = parseLatencyRun(readFileSync(file, "utf8"));
    expect(run.isComplete).toBe(false);
    expect(run.cells.map(({ cell }) => cell.id)).toEqual(PLAN.cells.slice(0, 2).map(({ id }) => id));
  });

  it("goes on with what is missing, measures anew what failed, and keeps the order of the plan", () => {
    const before = new LatencyCheckpoint(PLAN, file);
    before.add(result(2, "unsupported"), ENVIRONMENT);
    before.add(result(0, "failed"), ENVIRONMENT);
    const after = new LatencyCheckpoint(PLAN, file);
    expect(after.remaining.cells.map(({ id }) => id)).toEqual([0, 1, 3, 4].map((index) => PLAN.cells[index]?.id));
    expect(after.remaining.estimatedSeconds).toBeCloseTo(PLAN.estimatedSeconds * 0.8, 9);
    for (const index of [4, 3, 1, 0]) after.add(result(index, "unsupported"), ENVIRONMENT);
    expect(after.run?.isComplete).toBe(true);
    expect(after.run?.startedAt).toBe(before.run?.startedAt);
    expect(after.run?.cells.map(({ cell }) => cell.id)).toEqual(PLAN.cells.map(({ id }) => id));
    expect(new LatencyCheckpoint(PLAN, file).remaining.cells, "a complete run is kept").toHaveLength(0);
  });

  it("does not mix cells that were measured for another time", () => {
    new LatencyCheckpoint(PLAN, file).add(result(0, "unsupported"), ENVIRONMENT);
    const other = createLatencyPlan({ ...QUICK_LATENCY_CHOICE, timing: { ...PLAN.timing, chirpSeconds: 60 } });
    expect(() => new LatencyCheckpoint(other, file)).toThrow("measured for another time");
    writeFileSync(file, "{}");
    expect(() => new LatencyCheckpoint(PLAN, file)).toThrow("Cannot read the latency run");
  });
});

describe("the bench's plan", () => {
  const plan = (options: Readonly<Record<string, string>>, quick = false) =>
    latencyBenchPlan({ quick, values: new Map(Object.entries(options)) });

  it("holds every chunk, rate, buffer and path in full, and nothing twice", () => {
    const { cells } = plan({ full: "true" });
    expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length);
    for (const rate of [8_000, 12_000, 16_000, 24_000, 44_100, 48_000, 96_000]) {
      expect(cells.some(({ sampleRate, path }) => sampleRate === rate && path === "antiphon")).toBe(true);
    }
    expect(cells.filter(({ chunk }) => "quantumFrames" in chunk).length).toBeGreaterThan(50);
    expect(new Set(cells.map(({ buffer }) => `${buffer.jitterMs}/${buffer.latencyHint}`)).size).toBe(5);
  });

  it("takes the parts that the command line names, with the browser's track beside them", () => {
    const { cells, estimatedSeconds } = plan({ chunks: "10,64f", rates: "48000", buffers: "auto,auto+interactive" });
    expect(new Set(cells.map(({ sampleRate }) => sampleRate))).toEqual(new Set([48_000]));
    expect(cells.filter(({ path }) => path === "native-webrtc")).toHaveLength(2);
    expect(cells.some(({ chunk }) => "quantumFrames" in chunk && chunk.quantumFrames === 64)).toBe(true);
    expect(estimatedSeconds).toBeLessThan(plan({ full: "true" }).estimatedSeconds / 10);
    expect(() => plan({ rates: "47000" })).toThrow("--rates knows 8000");
  });
});
