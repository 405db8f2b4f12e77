import { captureOffline } from "../src/engine/capture/offline-capture.ts";
import { type NoiseFindings, NoiseMeasurement, snrAdvice } from "../src/engine/measurement/noise-measurement.ts";
import { createSpeechLikeSignal } from "../src/engine/measurement/speech-like-signal.ts";
import { SAMPLE_RATE } from "../src/engine/media/units.ts";
import { defaultSettings } from "../src/engine/settings/default-settings.ts";
import { coreModule } from "../test/support/core-module.ts";
import { createNoise, mix } from "../test/support/noise.ts";
import { rnnoiseModule } from "../test/support/suppressor-modules.ts";
import { sentBlocks } from "./activation-score.ts";
import { formatTable } from "./format-table.ts";
import { type Audio, readWav } from "./wav.ts";

/** One microphone, real or synthesised. */
export type NoiseExperimentRow = NoiseFindings & {
  readonly source: string;
  /** What was mixed, dB; null for a recording, of which nobody knows. */
  readonly trueSnrDb: number | null;
  readonly advice: string;
};

/** Ratios of speech to noise that are synthesised, dB: one for each piece of advice. */
const SYNTHETIC_SNRS = [45, 30, 18, 6] as const;
const SPEECH_DB = -26;
const SPEECH_SECONDS = 6;
/** Before the speech begins; in a recording as many seconds have to be quiet unless told otherwise. */
const QUIET_SECONDS = 4;
/** In which suppressor and leveler settle, and which do not count. */
const SETTLE_SECONDS = 1;
const BLOCK = SAMPLE_RATE / 100;

/**
 * The noise experiment of the page without a page: a stretch of silence, then one of speech, through the default chain. With a
 * recording, its first `quietSeconds` have to be silence; without one, synthesised speech stands in pink noise at known ratios, so
 * that what is estimated can be compared with what is true.
 */
export function runNoiseExperiments(
  recording: string | undefined,
  quietSeconds = QUIET_SECONDS,
): readonly NoiseExperimentRow[] {
  if (recording !== undefined) {
    const { channels, sampleRate }: Audio = readWav(recording);
    const left = channels[0] ?? new Float32Array(0);
    if (left.length <= quietSeconds * sampleRate) {
      throw new RangeError(`Cannot measure the noise of ${recording}: no speech follows ${quietSeconds} s of silence`);
    }
    return [row(recording, null, measure(left, sampleRate, quietSeconds))];
  }
  return SYNTHETIC_SNRS.map((snrDb) => {
    const speech = speechAt(SPEECH_DB);
    const noise = createNoise("pink", QUIET_SECONDS + SPEECH_SECONDS, SPEECH_DB - snrDb);
    return row("synthetic", snrDb, measure(mix(noise, speech), SAMPLE_RATE, QUIET_SECONDS));
  });
}

/** The rows for people. */
export function noiseExperimentTable(rows: readonly NoiseExperimentRow[]): string {
  return formatTable(
    "Noise: microphone → behind the default chain",
    ["source", "true SNR dB", "noise dBFS", "", "speech dBFS", "", "SNR dB", "", "silence sent %", "speech sent %", ""],
    rows.map((found) => [
      ...[found.source, found.trueSnrDb ?? undefined],
      ...[found.inputNoiseDb, found.outputNoiseDb, found.inputSpeechDb, found.outputSpeechDb],
      ...[found.inputSnrDb, found.outputSnrDb, found.openWhenQuietPercent, found.openWhenSpeakingPercent],
      found.advice,
    ]),
  );
}

function row(source: string, trueSnrDb: number | null, findings: NoiseFindings): NoiseExperimentRow {
  return { source, trueSnrDb, ...findings, advice: snrAdvice(findings.inputSnrDb) };
}

function measure(input: Float32Array, sampleRate: number, quietSeconds: number): NoiseFindings {
  const { capture, encoder } = defaultSettings;
  const options = { core: coreModule(), rnnoise: rnnoiseModule(), capture, encoder };
  const { processed } = captureOffline({ ...options, channels: [input], sampleRate });
  const output = processed[0] ?? new Float32Array(0);
  const sent = sentBlocks(output);
  const measurement = new NoiseMeasurement();
  const inputBlock = sampleRate / 100;
  for (let block = SETTLE_SECONDS * 100; block < sent.length; block++) {
    measurement.add(
      {
        inputRmsDb: rmsDb(input, block * inputBlock, inputBlock),
        outputRmsDb: rmsDb(output, block * BLOCK, BLOCK),
        isTransmitting: sent[block] === 1,
      },
      block >= quietSeconds * 100,
    );
  }
  const findings = measurement.findings();
  if (findings === undefined) throw new RangeError("Cannot measure noise: there is no silence before the speech");
  return findings;
}

/** Silence, then speech whose loud part is at `levelDb`, as the measurement reads it. */
function speechAt(levelDb: number): Float32Array {
  const speech = createSpeechLikeSignal({ sampleRate: SAMPLE_RATE, seconds: SPEECH_SECONDS, seed: 1, pauseShare: 0.2 });
  const levels = Array.from({ length: Math.floor(speech.length / BLOCK) }, (_, block) =>
    rmsDb(speech, block * BLOCK, BLOCK),
  ).sort((a, b) => b - a);
  const gain = 10 ** ((levelDb - (levels[Math.floor(levels.length / 5)] ?? 0)) / 20);
  const padded = new Float32Array((QUIET_SECONDS + SPEECH_SECONDS) * SAMPLE_RATE);
  padded.set(
    speech.map((sample) => sample * gain),
    QUIET_SECONDS * SAMPLE_RATE,
  );
  return padded;
}

function rmsDb(samples: Float32Array, from: number, length: number): number {
  let energy = 0;
  for (let i = Math.round(from); i < Math.round(from + length); i++) energy += (samples[i] ?? 0) ** 2;
  return 10 * Math.log10(energy / length + 1e-12);
}
