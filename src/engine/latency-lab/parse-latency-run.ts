import { LATENCY_PATHS, type LatencyPathName } from "./latency-cell.ts";
import { LATENCY_STAGES, type LatencyRun } from "./latency-result.ts";

/** Most cells that are read: several times the full matrix. */
const MAX_CELLS = 5_000;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a run from exported JSON, checking everything that a screen relies on.
 *
 * @throws RangeError that names the first thing that is wrong
 */
export function parseLatencyRun(text: string): LatencyRun {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new RangeError("Cannot read the latency run: it is not JSON", { cause });
  }
  const run = fields(document, "the document");
  demand(run["format"] === "antiphon-latency", "it is no latency run of Antiphon's");
  demand(run["version"] === 1, `its version is ${String(run["version"])}, not 1`);
  texts(run, ["startedAt"], "");
  demand(!Number.isNaN(Date.parse(String(run["startedAt"]))), "startedAt is no date");
  numbers(run, ["durationSeconds"], "");
  demand(typeof run["isComplete"] === "boolean", "isComplete is neither true nor false");
  optionalNumbers(run, ["selfTestErrorMs"], "");
  const environment = fields(run["environment"], "environment");
  texts(environment, ["userAgent", "platform"], "environment.");
  numbers(environment, ["processors", "outputLatencyMs"], "environment.");
  demand(typeof environment["isCrossOriginIsolated"] === "boolean", "environment.isCrossOriginIsolated is missing");
  numbers(fields(run["timing"], "timing"), ["settleSeconds", "chirpSeconds", "speechSeconds"], "timing.");
  const cells = run["cells"];
  demand(Array.isArray(cells) && cells.length <= MAX_CELLS, "cells is no list of a sensible length");
  for (const [index, cell] of (cells as readonly unknown[]).entries()) checkResult(cell, `cells[${index}]`);
  return run as unknown as LatencyRun;
}

function checkResult(value: unknown, at: string): void {
  const result = fields(value, at);
  checkCell(result["cell"], `${at}.cell`);
  if (result["status"] !== "measured") {
    demand(result["status"] === "unsupported" || result["status"] === "failed", `${at}.status is unknown`);
    texts(result, ["reason"], `${at}.`);
    return;
  }
  numbers(
    result,
    ["sampleRate", "quantumFrames", "latePercent", "concealedPercent", "outputLatencyMs", "selfTestErrorMs"],
    `${at}.`,
  );
  optionalNumbers(result, ["underruns"], `${at}.`);
  const { delaysMs } = result as { delaysMs?: unknown };
  demand(Array.isArray(delaysMs) && delaysMs.every(isNumber), `${at}.delaysMs is no list of numbers`);
  numbers(fields(result["chirps"], `${at}.chirps`), ["sent", "lost"], `${at}.chirps.`);
  checkDistribution(result["delay"], `${at}.delay`);
  if (result["callbacks"] !== undefined) {
    const callbacks = fields(result["callbacks"], `${at}.callbacks`);
    numbers(callbacks, ["stalls"], `${at}.callbacks.`);
    demand(callbacks["intervals"] !== undefined, `${at}.callbacks.intervals is missing`);
    checkDistribution(callbacks["intervals"], `${at}.callbacks.intervals`);
  }
  if (result["breakdown"] !== undefined) {
    const breakdown = fields(result["breakdown"], `${at}.breakdown`);
    numbers(breakdown, ["sumMs", "unexplainedMs"], `${at}.breakdown.`);
    demand(typeof breakdown["agrees"] === "boolean", `${at}.breakdown.agrees is missing`);
    numbers(fields(breakdown["stages"], `${at}.breakdown.stages`), LATENCY_STAGES, `${at}.breakdown.stages.`);
  }
  if (result["effects"] !== undefined) {
    const effects = fields(result["effects"], `${at}.effects`);
    numbers(effects, ["spectralDistanceDb", "bandwidthHz", "qualityProxy"], `${at}.effects.`);
    optionalNumbers(effects, ["bitrate", "cpuPercent"], `${at}.effects.`);
  }
}

function checkCell(value: unknown, at: string): void {
  const cell = fields(value, at);
  texts(cell, ["id"], `${at}.`);
  demand(LATENCY_PATHS.includes(cell["path"] as LatencyPathName), `${at}.path is unknown`);
  numbers(cell, ["sampleRate"], `${at}.`);
  demand(typeof cell["hasProcessing"] === "boolean", `${at}.hasProcessing is missing`);
  const chunk = fields(cell["chunk"], `${at}.chunk`);
  demand(isNumber(chunk["frameMs"]) !== isNumber(chunk["quantumFrames"]), `${at}.chunk is neither ms nor frames`);
  const buffer = fields(cell["buffer"], `${at}.buffer`);
  demand(buffer["jitterMs"] === "auto" || isNumber(buffer["jitterMs"]), `${at}.buffer.jitterMs is unknown`);
  demand(
    isNumber(buffer["latencyHint"]) || ["interactive", "balanced", "playback"].includes(String(buffer["latencyHint"])),
    `${at}.buffer.latencyHint is unknown`,
  );
}

function checkDistribution(value: unknown, at: string): void {
  if (value === undefined) return;
  numbers(fields(value, at), ["count", "min", "p50", "p95", "p99", "max", "mean"], `${at}.`);
}

function fields(value: unknown, at: string): Fields {
  demand(typeof value === "object" && value !== null && !Array.isArray(value), `${at} is no object`);
  return value as Fields;
}

function numbers(object: Fields, names: readonly string[], at: string): void {
  for (const name of names) demand(isNumber(object[name]), `${at}${name} is no number`);
}

function optionalNumbers(object: Fields, names: readonly string[], at: string): void {
  for (const name of names) demand(object[name] === undefined || isNumber(object[name]), `${at}${name} is no number`);
}

function texts(object: Fields, names: readonly string[], at: string): void {
  for (const name of names) demand(typeof object[name] === "string", `${at}${name} is no text`);
}

function isNumber(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value);
}

function demand(isTrue: boolean, problem: string): void {
  if (!isTrue) throw new RangeError(`Cannot read the latency run: ${problem}`);
}
