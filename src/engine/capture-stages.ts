import { CAPTURE_STAGES, type CaptureStage } from "./capture/capture-telemetry.ts";
import { SILENCE_DB } from "./media/decibels.ts";
import { SAMPLE_RATE } from "./media/units.ts";
import { CAPTURE_STAGE_TELEMETRY, captureStageStart } from "./shared-memory/capture-telemetry.ts";
import type { TelemetryReader } from "./shared-memory/telemetry-block.ts";

/** What one stage of the capture chain does right now. */
export type CaptureStageFigures = {
  /** Level in front of the stage, dBFS. */
  inputPeakDb: number;
  inputRmsDb: number;
  /** Level behind it, dBFS; −120 behind the encoder. */
  outputPeakDb: number;
  outputRmsDb: number;
  /** Delay the stage adds, ms. For the encoder its look-ahead, without the frame itself. */
  latencyMs: number;
  /** Time spent in it since the microphone was opened, ms. Resolution 1 ms; exact over many blocks. */
  costMs: number;
};

/** An object for `stage(name, into)`, all silent. */
export function silentStageFigures(): CaptureStageFigures {
  return {
    inputPeakDb: SILENCE_DB,
    inputRmsDb: SILENCE_DB,
    outputPeakDb: SILENCE_DB,
    outputRmsDb: SILENCE_DB,
    latencyMs: 0,
    costMs: 0,
  };
}

/** Fills `into` with the figures of a stage. Does not allocate. */
export function readCaptureStage(
  telemetry: TelemetryReader,
  stage: CaptureStage,
  into: CaptureStageFigures,
): CaptureStageFigures {
  const index = CAPTURE_STAGES.indexOf(stage);
  const start = captureStageStart(index);
  const next = captureStageStart(index + 1);
  const isLast = stage === "encoder";
  into.inputPeakDb = telemetry.at(start + CAPTURE_STAGE_TELEMETRY.peakDb);
  into.inputRmsDb = telemetry.at(start + CAPTURE_STAGE_TELEMETRY.rmsDb);
  into.outputPeakDb = isLast ? SILENCE_DB : telemetry.at(next + CAPTURE_STAGE_TELEMETRY.peakDb);
  into.outputRmsDb = isLast ? SILENCE_DB : telemetry.at(next + CAPTURE_STAGE_TELEMETRY.rmsDb);
  into.latencyMs = (1000 * telemetry.at(start + CAPTURE_STAGE_TELEMETRY.latencySamples)) / SAMPLE_RATE;
  into.costMs = telemetry.at(start + CAPTURE_STAGE_TELEMETRY.costMs);
  return into;
}
