import type { MeasurementRecording } from "../measurement/measurement-recorder.ts";
import { callbackTiming } from "./callback-timing.ts";
import type { CallbackTiming } from "./latency-result.ts";
import type { ChirpMeasurement, MeasurementGraph } from "./measurement-graph.ts";

/** What the takes of one cell say together. */
export type JoinedTakes = {
  /** Of the recorder that heard all takes. */
  readonly sampleRate: number;
  readonly quantumFrames: number;
  /** Delays of the chirps that arrived, ms, take after take. */
  readonly delaysMs: readonly number[];
  readonly chirps: { readonly sent: number; readonly lost: number };
  /** Largest of the takes, ms. */
  readonly selfTestErrorMs: number;
  readonly callbacks: CallbackTiming | undefined;
};

/** Measures and joins the recordings of one cell, each of another opening of its path. */
export function joinTakes(
  recordings: readonly [MeasurementRecording, ...MeasurementRecording[]],
  graph: MeasurementGraph,
): JoinedTakes {
  const [{ sampleRate, quantumFrames }] = recordings;
  const takes = recordings.map((recording) => graph.measureChirps(recording));
  const sum = (value: (take: ChirpMeasurement) => number): number =>
    takes.reduce((total, take) => total + value(take), 0);
  return {
    sampleRate,
    quantumFrames,
    delaysMs: takes.flatMap(({ delays }) => delays.delaysMs),
    chirps: { sent: sum(({ delays }) => delays.sent), lost: sum(({ delays }) => delays.lost) },
    selfTestErrorMs: Math.max(...takes.map((take) => take.selfTestErrorMs)),
    callbacks: callbackTiming(recordings.map(({ callTimes }) => callTimes)),
  };
}
