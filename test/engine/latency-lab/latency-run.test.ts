import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareLatencyRuns } from "../../../src/engine/latency-lab/compare-latency-runs.ts";
import { exportLatencyRun } from "../../../src/engine/latency-lab/export-latency-run.ts";
import { type LatencyCell, latencyCell } from "../../../src/engine/latency-lab/latency-cell.ts";
import { QUICK_TIMING } from "../../../src/engine/latency-lab/latency-plan.ts";
import type { LatencyCellResult, LatencyRun, MeasuredLatency } from "../../../src/engine/latency-lab/latency-result.ts";
import { parseLatencyRun } from "../../../src/engine/latency-lab/parse-latency-run.ts";
import { recommendSetting } from "../../../src/engine/latency-lab/recommend-setting.ts";
import { distributionOf } from "../../../src/engine/measurement/distribution.ts";

const cell = (path: LatencyCell["path"], frameMs: number, sampleRate = 48_000): LatencyCell =>
  latencyCell({
    path,
    chunk: { frameMs },
    sampleRate,
    buffer: { jitterMs: "auto", latencyHint: 0 },
    hasProcessing: false,
  });

const measured = (of: LatencyCell, ms: number, changes: Partial<MeasuredLatency> = {}): MeasuredLatency => ({
  status: "measured",
  cell: of,
  sampleRate: of.sampleRate,
  quantumFrames: 128,
  delay: distributionOf([ms, ms, ms + 1]),
  delaysMs: [ms, ms, ms + 1],
  chirps: { sent: 3, lost: 0 },
  latePercent: 0,
  concealedPercent: 0,
  underruns: 0,
  callbacks: undefined,
  breakdown: undefined,
  effects: { spectralDistanceDb: 1, bandwidthHz: 17_959, qualityProxy: 0.9, bitrate: 90_000, cpuPercent: 2 },
  outputLatencyMs: 8,
  selfTestErrorMs: 0.001,
  ...changes,
});

const run = (cells: readonly LatencyCellResult[]): LatencyRun => ({
  format: "antiphon-latency",
  version: 1,
  startedAt: "2026-01-02T03:04:05.000Z",
  durationSeconds: 60,
  isComplete: true,
  environment: {
    userAgent: "a, browser",
    platform: "Linux",
    processors: 2,
    isCrossOriginIsolated: true,
    outputLatencyMs: 8,
  },
  timing: QUICK_TIMING,
  selfTestErrorMs: 0.001,
  cells,
});

const unsupported: LatencyCellResult = {
  status: "unsupported",
  cell: cell("worklet", 10, 8_000),
  reason: 'No rate of "8000", it says | here',
};

describe("a latency run", () => {
  const whole = run([measured(cell("native-webrtc", 20), 60), measured(cell("antiphon", 10), 25), unsupported]);

  it("reads back from its JSON as it was", () => {
    expect(parseLatencyRun(exportLatencyRun(whole, "json"))).toEqual(JSON.parse(JSON.stringify(whole)));
  });

  it("writes every cell to CSV, one that could not be measured with the reason, quoted", () => {
    const lines = exportLatencyRun(whole, "csv").trimEnd().split("\r\n");
    expect(lines).toHaveLength(4);
    expect(lines[2]).toContain("antiphon,10 ms,48000,auto,25,");
    expect(lines[3]).toContain('"unsupported: No rate of ""8000"", it says | here"');
  });

  it("writes a Markdown table whose rows have as many cells as its head", () => {
    const table = exportLatencyRun(whole, "markdown")
      .split("\n")
      .filter((line) => line.startsWith("|"));
    expect(table).toHaveLength(5);
    const count = (line: string): number => line.split(/(?<!\\)\|/).length;
    expect(new Set(table.map(count)).size).toBe(1);
    expect(table[4]).toContain("it says \\| here");
  });

  it("says what is wrong with a document it cannot read, and never anything but RangeError", () => {
    expect(() => parseLatencyRun("no")).toThrow("not JSON");
    expect(() => parseLatencyRun("{}")).toThrow("no latency run");
    expect(() => parseLatencyRun(JSON.stringify({ ...whole, version: 2 }))).toThrow("version is 2");
    const broken = JSON.parse(exportLatencyRun(whole, "json"));
    broken.cells[1].delay.p50 = "fast";
    expect(() => parseLatencyRun(JSON.stringify(broken))).toThrow("cells[1].delay.p50 is no number");
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(() => parseLatencyRun(text)).toThrow(RangeError);
      }),
    );
  });

  it("is compared cell by cell with another one", () => {
    const later = run([measured(cell("antiphon", 10), 20), measured(cell("antiphon", 5), 15)]);
    const compared = compareLatencyRuns(whole, later);
    expect(compared.map((row) => [row.cell.id.split("/").slice(0, 2).join(" "), row.differenceMs])).toEqual([
      ["antiphon 10ms", -5],
      ["antiphon 5ms", undefined],
      ["native-webrtc 20ms", undefined],
      ["worklet 10ms", undefined],
    ]);
    expect(compared[0]?.ratio).toBe(0.8);
  });
});

describe("the recommended setting", () => {
  it("is the quickest of the engine's that plays without dropouts", () => {
    const cells = [
      measured(cell("native-webrtc", 20), 60),
      measured(cell("worklet", 2.5), 4),
      measured(cell("antiphon", 2.5), 12, { latePercent: 3 }),
      measured(cell("antiphon", 5), 18, { underruns: 1 }),
      measured(cell("antiphon", 10), 25),
      measured(cell("antiphon", 20), 45),
    ];
    const recommended = recommendSetting(run(cells));
    expect(recommended?.cell.id).toBe(cell("antiphon", 10).id);
    expect(recommended?.settings).toEqual({
      input: { sampleRate: 48_000 },
      encoder: { frameDuration: 10, application: "voip" },
      jitterBuffer: { mode: "auto" },
      output: { latencyHint: 0, sampleRate: 48_000 },
    });
    expect(recommended?.reason).toContain("0.42× the browser's own track");
  });

  it("does not buy delay with quality", () => {
    const effects = { spectralDistanceDb: 20, bandwidthHz: 3_600, qualityProxy: 0.6, bitrate: 90_000, cpuPercent: 2 };
    const cells = [measured(cell("antiphon", 10, 8_000), 20, { effects }), measured(cell("antiphon", 10), 25)];
    expect(recommendSetting(run(cells))?.cell.sampleRate).toBe(48_000);
  });

  it("does not exist where nothing of the engine's played well", () => {
    expect(recommendSetting(run([measured(cell("worklet", 10), 12), unsupported]))).toBeUndefined();
  });
});
