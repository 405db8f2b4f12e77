import { SILENCE_DB } from "./media/decibels.ts";
import { CAPTURE_TELEMETRY } from "./shared-memory/capture-telemetry.ts";
import { MIX_TELEMETRY, STREAM_TELEMETRY, streamTelemetryStart } from "./shared-memory/playback-telemetry.ts";
import type { TelemetryReader } from "./shared-memory/telemetry-block.ts";

/** What the capture chain of one local stream does right now. Levels in dBFS, silence is −120. */
export type CaptureLevels = {
  inputPeakDb: number;
  inputRmsDb: number;
  outputPeakDb: number;
  outputRmsDb: number;
  /** Of the limiter, ≤ 0 dB. */
  gainReductionDb: number;
  levelerGainDb: number;
  /** How much quieter the suppressor makes the signal, ≤ 0 dB. */
  suppressionDb: number;
  noiseFloorDb: number;
  /** 0…1. */
  voiceProbability: number;
  /** Short-term loudness in front of the leveler's gain, LUFS. */
  loudnessLufs: number;
  isTransmitting: boolean;
  /** The talk key holds or locks transmission. */
  isTalkKeyActive: boolean;
};

/** What comes out of the mix right now, dBFS. */
export type OutputLevels = { peakDb: number; rmsDb: number /** Of the limiter, ≤ 0 dB. */; gainReductionDb: number };

/** Level of one remote stream behind its gain, dBFS. */
export type StreamLevels = { peakDb: number; rmsDb: number };

/** An object for `levels(into)`, all silent. */
export function silentCaptureLevels(): CaptureLevels {
  return {
    inputPeakDb: SILENCE_DB,
    inputRmsDb: SILENCE_DB,
    outputPeakDb: SILENCE_DB,
    outputRmsDb: SILENCE_DB,
    gainReductionDb: 0,
    levelerGainDb: 0,
    suppressionDb: 0,
    noiseFloorDb: SILENCE_DB,
    voiceProbability: 0,
    loudnessLufs: SILENCE_DB,
    isTransmitting: false,
    isTalkKeyActive: false,
  };
}

/** An object for `levels(into)`, silent. */
export function silentOutputLevels(): OutputLevels {
  return { peakDb: SILENCE_DB, rmsDb: SILENCE_DB, gainReductionDb: 0 };
}

/** An object for `levels(into)`, silent. */
export function silentStreamLevels(): StreamLevels {
  return { peakDb: SILENCE_DB, rmsDb: SILENCE_DB };
}

/** Fills `into` from a capture node's telemetry. Does not allocate. */
export function readCaptureLevels(telemetry: TelemetryReader, into: CaptureLevels): CaptureLevels {
  into.inputPeakDb = telemetry.at(CAPTURE_TELEMETRY.inputPeakDb);
  into.inputRmsDb = telemetry.at(CAPTURE_TELEMETRY.inputRmsDb);
  into.outputPeakDb = telemetry.at(CAPTURE_TELEMETRY.outputPeakDb);
  into.outputRmsDb = telemetry.at(CAPTURE_TELEMETRY.outputRmsDb);
  into.gainReductionDb = telemetry.at(CAPTURE_TELEMETRY.limiterGainDb);
  into.levelerGainDb = telemetry.at(CAPTURE_TELEMETRY.levelerGainDb);
  into.suppressionDb = telemetry.at(CAPTURE_TELEMETRY.suppressionDb);
  into.noiseFloorDb = telemetry.at(CAPTURE_TELEMETRY.noiseFloorDb);
  into.voiceProbability = telemetry.at(CAPTURE_TELEMETRY.voiceProbability);
  into.loudnessLufs = telemetry.at(CAPTURE_TELEMETRY.loudnessLufs);
  into.isTransmitting = telemetry.at(CAPTURE_TELEMETRY.isTransmitting) === 1;
  into.isTalkKeyActive = telemetry.at(CAPTURE_TELEMETRY.isTalkKeyActive) === 1;
  return into;
}

/** Fills `into` from a playback node's telemetry. Does not allocate. */
export function readOutputLevels(telemetry: TelemetryReader, into: OutputLevels): OutputLevels {
  into.peakDb = telemetry.at(MIX_TELEMETRY.outputPeakDb);
  into.rmsDb = telemetry.at(MIX_TELEMETRY.outputRmsDb);
  into.gainReductionDb = telemetry.at(MIX_TELEMETRY.limiterGainDb);
  return into;
}

/** Fills `into` with the level of the stream in `slot`. Does not allocate. */
export function readStreamLevels(telemetry: TelemetryReader, slot: number, into: StreamLevels): StreamLevels {
  const start = streamTelemetryStart(slot);
  into.peakDb = telemetry.at(start + STREAM_TELEMETRY.peakDb);
  into.rmsDb = telemetry.at(start + STREAM_TELEMETRY.rmsDb);
  return into;
}
