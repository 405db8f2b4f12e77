import type { Arrival } from "./receiver-simulation.ts";

/**
 * Datagrams that a page recorded with their payloads: `{ "datagrams": [{ "arrival": ms, "data": base64 }, …] }` beside the fields of a
 * trace. They are inserted as they are, so a replay is the call again, bit for bit.
 *
 * @returns undefined when the document has no payloads
 * @throws Error when it has, but not in this form
 */
export function recordedDatagrams(document: unknown): readonly Arrival[] | undefined {
  if (typeof document !== "object" || document === null || !("datagrams" in document)) return undefined;
  const { datagrams } = document;
  if (!Array.isArray(datagrams)) throw new Error("Cannot replay the recording: datagrams is not a list");
  const arrivals = datagrams.map((entry: unknown, index): Arrival => {
    const { arrival, data } = (typeof entry === "object" && entry !== null ? entry : {}) as Record<string, unknown>;
    if (typeof arrival !== "number" || typeof data !== "string") {
      throw new Error(`Cannot replay the recording: datagram ${index} has no arrival or no data`);
    }
    return { time: arrival, datagram: Uint8Array.from(Buffer.from(data, "base64")) };
  });
  return arrivals.sort((a, b) => a.time - b.time);
}
