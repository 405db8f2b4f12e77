import { createSpeechLikeSignal } from "../src/engine/measurement/speech-like-signal.ts";
import { PROBE_SAMPLES, VoiceProbe } from "../src/engine/recording/voice-probe.ts";
import { DEFAULT_VOICE_TRIGGER, VoiceTrigger } from "../src/engine/recording/voice-trigger.ts";
import { rnnoiseModule } from "../test/support/suppressor-modules.ts";
import { LABEL_BLOCK, labelSpeech, scoreActivation } from "./activation-score.ts";
import type { BenchOptions, BenchResult } from "./bench-result.ts";
import { formatTable } from "./format-table.ts";
import { loadAt48k } from "./load-recording.ts";
import { loopedNoise, pinkNoise, power } from "./noise-bed.ts";

const RATE = 48_000;
/** Noise in front of the speech, s. */
const LEAD_SECONDS = 2;
/** Noise in which nobody speaks, s. */
const NOISE_SECONDS = 300;
const LEVELS = [5, 10, 20] as const;

type Row = {
  readonly detector: "rnnoise" | "level";
  /** dB; undefined for the noise alone. */
  readonly snrDb: number | undefined;
  readonly recordings: number;
  readonly onsets: number;
  readonly clippedP99Ms: number;
  readonly lostPercent: number;
};

/**
 * `npm run bench -- trigger`: recordings that start by voice, of speech in noise and of five minutes of noise alone.
 * `--recording clean.wav` and `--noise noise.wav` give it real sound.
 */
export function run({ quick, values, progress }: BenchOptions): Promise<BenchResult> {
  const path = values.get("recording");
  const noisePath = values.get("noise");
  const clean =
    path === undefined
      ? createSpeechLikeSignal({ sampleRate: RATE, seconds: quick ? 20 : 60, seed: 4, pauseShare: 0.6 })
      : loadAt48k(path);
  const noise = noisePath === undefined ? pinkNoise(10) : loadAt48k(noisePath);
  const speech = new Float32Array(LEAD_SECONDS * RATE + clean.length);
  speech.set(clean, LEAD_SECONDS * RATE);
  const labels = labelSpeech(speech);
  const active = power(speech.filter((_, n) => labels[Math.floor(n / LABEL_BLOCK)] === 1));
  const rows: Row[] = [];
  for (const detector of ["rnnoise", "level"] as const) {
    for (const snrDb of LEVELS) {
      progress(`${detector}, ${snrDb} dB`);
      const bed = loopedNoise(noise, speech.length);
      const gain = Math.sqrt(active / power(bed) / 10 ** (snrDb / 10));
      const held = recorded(
        speech.map((sample, n) => sample + gain * (bed[n] ?? 0)),
        detector,
      );
      const { onsets, clippedP99Ms, lostPercent } = scoreActivation(labels, held, 100);
      rows.push({ detector, snrDb, recordings: countRuns(held), onsets, clippedP99Ms, lostPercent });
    }
    progress(`${detector}, noise alone`);
    const alone = loopedNoise(noise, NOISE_SECONDS * RATE);
    const gain = Math.sqrt(active / power(alone) / 10);
    const held = recorded(
      alone.map((sample) => sample * gain),
      detector,
    );
    const nothing = { onsets: 0, clippedP99Ms: 0, lostPercent: 0 };
    rows.push({ detector, snrDb: undefined, recordings: countRuns(held), ...nothing });
  }
  return Promise.resolve({ json: { noiseSeconds: NOISE_SECONDS, rows }, table: tableOf(rows) });
}

/** Which blocks of 10 ms end up in a recording: 1 or 0 a block. */
function recorded(signal: Float32Array, detector: Row["detector"]): Uint8Array {
  const probe = new VoiceProbe(detector === "rnnoise" ? rnnoiseModule() : undefined);
  const trigger = new VoiceTrigger(DEFAULT_VOICE_TRIGGER);
  const held = new Uint8Array(Math.floor(signal.length / LABEL_BLOCK));
  let start: number | undefined;
  for (let at = 0; at + PROBE_SAMPLES <= signal.length; at += PROBE_SAMPLES) {
    const decision = trigger.advance(PROBE_SAMPLES, probe.probability(signal.subarray(at, at + PROBE_SAMPLES)));
    if (decision.type === "start") start = decision.atSample;
    if (decision.type !== "stop" || start === undefined) continue;
    held.fill(1, Math.ceil(start / LABEL_BLOCK), Math.floor(decision.atSample / LABEL_BLOCK));
    start = undefined;
  }
  if (start !== undefined) held.fill(1, Math.ceil(start / LABEL_BLOCK));
  probe.close();
  return held;
}

function countRuns(held: Uint8Array): number {
  return held.reduce((runs, value, block) => runs + (value === 1 && held[block - 1] !== 1 ? 1 : 0), 0);
}

function tableOf(rows: readonly Row[]): string {
  return [
    formatTable(
      "Recordings that start by voice",
      ["detector", "SNR dB", "recordings", "onsets", "clipped p99 ms", "speech lost %"],
      rows.map((row) => [
        row.detector,
        row.snrDb === undefined ? `${NOISE_SECONDS} s of noise alone` : String(row.snrDb),
        row.recordings,
        row.onsets,
        row.clippedP99Ms,
        row.lostPercent,
      ]),
    ),
    "",
    "Excluded: the accurate detector, which runs in a browser. Noise alone is as loud as at 10 dB.",
  ].join("\n");
}
