import { readFileSync } from "node:fs";

/** What another receiver did on a trace of the same name. */
export type ReferenceFigures = {
  readonly meanDelayMs: number;
  readonly concealedPercent: number;
};

/** Reads `{ traces: { NAME: { meanDelayMs, concealedPercent } } }`. @throws Error when the file is not that */
export function readReference(path: string): ReadonlyMap<string, ReferenceFigures> {
  const document: unknown = JSON.parse(readFileSync(path, "utf8"));
  const traces = isRecord(document) ? document["traces"] : undefined;
  if (!isRecord(traces)) throw new Error(`Cannot use ${path} as a reference: it has no traces`);
  const figures = new Map<string, ReferenceFigures>();
  for (const [name, entry] of Object.entries(traces)) {
    if (!isRecord(entry)) continue;
    const { meanDelayMs, concealedPercent } = entry;
    if (typeof meanDelayMs === "number" && typeof concealedPercent === "number") {
      figures.set(name, { meanDelayMs, concealedPercent });
    }
  }
  return figures;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
