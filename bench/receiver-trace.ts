import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What a network did to a stream of packets. Times in ms on the receiver's clock. */
export type NetworkTrace = {
  readonly name: string;
  /** Length of a frame on the sender's clock, ms. */
  readonly frameDuration: number;
  /** In sending order; `arrival` null = lost. */
  readonly packets: readonly TracePacket[];
};

/** One packet of a trace. */
export type TracePacket = {
  readonly sent: number;
  readonly arrival: number | null;
  /** When it came a second time. */
  readonly duplicate?: number;
};

/** Reads a trace file. @throws Error naming the file when it is not one */
export function readTrace(path: string): NetworkTrace {
  const document: unknown = JSON.parse(readFileSync(path, "utf8"));
  return parseTrace(document, path);
}

/** Every trace in a folder, by name. */
export function readTraces(folder: string): readonly NetworkTrace[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return names.sort().map((name) => readTrace(join(folder, name)));
}

/** Checks a parsed JSON document. @throws Error naming `source` when it is not a trace */
export function parseTrace(document: unknown, source: string): NetworkTrace {
  const fail = (reason: string): Error => new Error(`Cannot use ${source} as a trace: ${reason}`);
  if (typeof document !== "object" || document === null) throw fail("it is not an object");
  const { name, frameDuration, packets } = document as Record<string, unknown>;
  if (typeof frameDuration !== "number" || !(frameDuration > 0)) throw fail("frameDuration is not a positive number");
  if (!Array.isArray(packets)) throw fail("packets is not a list");
  const entries = packets.map((packet: unknown, index): TracePacket => {
    if (typeof packet !== "object" || packet === null) throw fail(`packet ${index} is not an object`);
    const { sent, arrival } = packet as Record<string, unknown>;
    if (typeof sent !== "number" || !Number.isFinite(sent)) throw fail(`packet ${index} has no time of sending`);
    if (arrival !== null && (typeof arrival !== "number" || !Number.isFinite(arrival))) {
      throw fail(`the arrival of packet ${index} is neither a number nor null`);
    }
    return { sent, arrival };
  });
  return { name: typeof name === "string" ? name : source, frameDuration, packets: entries };
}
