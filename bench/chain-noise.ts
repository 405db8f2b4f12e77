import { captureOffline } from "../src/engine/capture/offline-capture.ts";
import { applyPatch } from "../src/engine/settings/apply-patch.ts";
import type { Settings } from "../src/engine/settings/settings.ts";
import { coreModule } from "../test/support/core-module.ts";
import { rnnoiseModule } from "../test/support/suppressor-modules.ts";
import { labelSpeech, scoreActivation, sentBlocks } from "./activation-score.ts";
import { loopedNoise, pinkNoise, power } from "./noise-bed.ts";
import { integratedLufs } from "./signal-loudness.ts";

/** One row of the noise experiment. */
export type NoiseRow = {
  readonly snrDb: number;
  /** Scale-invariant signal-to-distortion ratio against the clean speech, dB: of the noisy input, and behind the suppressor. */
  readonly inputSiSdrDb: number;
  readonly siSdrDb: number;
  /** Share of speech sent, of silence sent, of speech lost, %. */
  readonly hitPercent: number;
  readonly falseAlarmPercent: number;
  readonly lostPercent: number;
  readonly clippedP99Ms: number;
  readonly falseOpensPerMinute: number;
  /** Loudness of what is sent from the third second on, LUFS. */
  readonly outputLufs: number;
};

/** Noise in front of the speech, in which the gate should stay closed, s. */
const LEAD_SECONDS = 2;
const RATE = 48_000;

/** SNRs of the experiment, dB. */
export const NOISE_LEVELS = [-5, 0, 5, 10, 15, 20, 30, 40] as const;

/** Adds `noise` (pink, synthesised, when undefined) to clean speech at each SNR and runs the chain. All at 48 kHz. */
export function runNoiseExperiment(
  settings: Settings,
  clean: Float32Array,
  noise: Float32Array | undefined,
  levels: readonly number[],
): readonly NoiseRow[] {
  const speech = new Float32Array(LEAD_SECONDS * RATE + clean.length);
  speech.set(clean, LEAD_SECONDS * RATE);
  const labels = labelSpeech(speech);
  const active = power(speech.filter((_, n) => labels[Math.floor(n / 480)] === 1));
  const background = loopedNoise(noise ?? pinkNoise(10), speech.length);
  return levels.map((snrDb) => {
    const gain = Math.sqrt(active / power(background) / 10 ** (snrDb / 10));
    const noisy = speech.map((sample, n) => sample + gain * (background[n] ?? 0));
    const opened = applyPatch(settings, {
      capture: {
        activation: { mode: "open" },
        leveler: { isEnabled: false },
        limiter: { isEnabled: false },
        highPass: { isEnabled: false },
      },
    });
    const score = scoreActivation(labels, sentBlocks(run(settings, noisy)), 100);
    return {
      snrDb,
      inputSiSdrDb: siSdrDb(speech, noisy),
      siSdrDb: siSdrDb(speech, run(opened, noisy)),
      hitPercent: score.hitPercent,
      falseAlarmPercent: score.falseAlarmPercent,
      lostPercent: score.lostPercent,
      clippedP99Ms: score.clippedP99Ms,
      falseOpensPerMinute: score.falseOpensPerMinute,
      outputLufs: integratedLufs([run(settings, noisy).subarray((LEAD_SECONDS + 3) * RATE)]),
    };
  });
}

function run({ capture, encoder }: Settings, input: Float32Array): Float32Array {
  const cheap = { ...encoder, complexity: 0 };
  const options = { core: coreModule(), rnnoise: rnnoiseModule(), capture, encoder: cheap, sampleRate: RATE };
  return captureOffline({ ...options, channels: [input] }).processed[0] ?? new Float32Array(0);
}

/** Le Roux et al. 2019. */
function siSdrDb(reference: Float32Array, estimate: Float32Array): number {
  let dot = 0;
  for (let i = 0; i < reference.length; i++) dot += (reference[i] ?? 0) * (estimate[i] ?? 0);
  const scale = dot / (power(reference) * reference.length);
  let error = 0;
  for (let i = 0; i < reference.length; i++) error += ((estimate[i] ?? 0) - scale * (reference[i] ?? 0)) ** 2;
  return 10 * Math.log10((scale ** 2 * power(reference) * reference.length) / error);
}
