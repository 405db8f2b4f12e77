import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeWav } from "../../bench/wav.ts";
import { createSpeechLikeSignal } from "../../src/engine/measurement/speech-like-signal.ts";

/** A talker: what a Chromium's synthetic microphone plays in a loop. */
export type SpeechMicrophone = {
  /** WAV file for `launchChromium({ microphone })`. */
  readonly path: string;
  /** What it says, mono. */
  readonly samples: Float32Array;
  /** Hz. */
  readonly sampleRate: number;
  /** Deletes the file. */
  remove(): void;
};

const SAMPLE_RATE = 48_000;

/** Writes `seconds` of synthesised speech to a temporary WAV file. Talkers with different seeds say different things. */
export function createSpeechMicrophone(options: {
  readonly seconds: number;
  readonly seed?: number;
}): SpeechMicrophone {
  const { seconds, seed = 1 } = options;
  const samples = createSpeechLikeSignal({ sampleRate: SAMPLE_RATE, seconds, seed, pitchHz: 100 + 35 * (seed % 4) });
  const path = join(tmpdir(), `antiphon-talker-${process.pid}-${seed}-${seconds}.wav`);
  writeWav(path, { sampleRate: SAMPLE_RATE, channels: [samples] }, "pcm16");
  return { path, samples, sampleRate: SAMPLE_RATE, remove: () => rmSync(path, { force: true }) };
}
