import type { SettingsPatch } from "../settings/apply-patch.ts";
import { FRAME_DURATIONS, type FrameDuration } from "../settings/encoder-settings.ts";
import { chunkMs, describeBuffer, type LatencyCell } from "./latency-cell.ts";
import { type LatencyRun, type MeasuredLatency, SELF_TEST_LIMIT_MS } from "./latency-result.ts";

/** Most late packets and concealed samples that a setting worth recommending may have, %. */
const MAX_LATE_PERCENT = 1;
const MAX_CONCEALED_PERCENT = 1;

/** How much of the best quality proxy of the run a recommended setting must reach. */
const QUALITY_SHARE = 0.97;

/** Bitrate asked for frames below 10 ms: CELT alone needs more for the same quality. */
const LOW_DELAY_BITRATE = 96_000;

/** The setting a run speaks for. */
export type RecommendedSetting = {
  readonly cell: LatencyCell;
  /** To be applied to the engine's settings. */
  readonly settings: SettingsPatch;
  /** Why, for people. */
  readonly reason: string;
};

/**
 * The engine's cell with the lowest 95th percentile among those that played without underruns, with hardly anything late or
 * concealed, every chirp heard, and about the best quality of the run. Undefined when no cell of the engine's did.
 */
export function recommendSetting(run: LatencyRun): RecommendedSetting | undefined {
  const sound = run.cells.filter(
    (result): result is MeasuredLatency =>
      result.status === "measured" && result.cell.path === "antiphon" && isSound(result),
  );
  const bestQuality = Math.max(...sound.map(({ effects }) => effects?.qualityProxy ?? 0));
  let best: MeasuredLatency | undefined;
  for (const result of sound) {
    if (result.effects !== undefined && result.effects.qualityProxy < QUALITY_SHARE * bestQuality) continue;
    if (best === undefined || (result.delay?.p95 ?? Infinity) < (best.delay?.p95 ?? Infinity)) best = result;
  }
  return best === undefined ? undefined : describe(best, run, sound.length);
}

function isSound({
  delay,
  chirps,
  latePercent,
  concealedPercent,
  underruns,
  selfTestErrorMs,
}: MeasuredLatency): boolean {
  return (
    delay !== undefined &&
    chirps.lost === 0 &&
    latePercent <= MAX_LATE_PERCENT &&
    concealedPercent <= MAX_CONCEALED_PERCENT &&
    (underruns ?? 0) === 0 &&
    selfTestErrorMs <= SELF_TEST_LIMIT_MS
  );
}

function describe(best: MeasuredLatency, run: LatencyRun, candidates: number): RecommendedSetting | undefined {
  const { cell, delay } = best;
  const duration = FRAME_DURATIONS.find((candidate) => candidate === chunkMs(cell));
  if (duration === undefined || delay === undefined) return undefined;
  const native = run.cells.find(
    (result): result is MeasuredLatency => result.status === "measured" && result.cell.path === "native-webrtc",
  );
  const ratio =
    native?.delay === undefined ? "" : `, ${(delay.p50 / native.delay.p50).toFixed(2)}× the browser's own track`;
  const { jitterMs, latencyHint } = cell.buffer;
  return {
    cell,
    settings: {
      input: { sampleRate: cell.sampleRate },
      encoder: encoderPatch(duration),
      jitterBuffer: jitterPatch(jitterMs),
      output: { latencyHint, sampleRate: cell.sampleRate },
    },
    reason:
      `${duration} ms frames at ${cell.sampleRate} Hz with buffer ${describeBuffer(cell.buffer)}: ` +
      `95 % of all sounds within ${delay.p95.toFixed(1)} ms (median ${delay.p50.toFixed(1)} ms${ratio}), ` +
      `no underrun, ${best.latePercent.toFixed(1)} % late. ` +
      (candidates === 1
        ? "The only setting without dropouts."
        : `The quickest of ${candidates} settings without dropouts.`),
  };
}

/** Encoder settings that a cell of this frame length is measured with. */
export function encoderPatch(frameDuration: FrameDuration): NonNullable<SettingsPatch["encoder"]> {
  // Frames under 10 ms are CELT's alone: restricted low delay spares SILK's look-ahead of 4 ms.
  return frameDuration < 10
    ? { frameDuration, application: "lowdelay", bitrate: LOW_DELAY_BITRATE }
    : { frameDuration, application: "voip" };
}

function jitterPatch(jitterMs: "auto" | number): NonNullable<SettingsPatch["jitterBuffer"]> {
  return jitterMs === "auto" ? { mode: "auto" } : { mode: "manual", targetMs: jitterMs };
}
