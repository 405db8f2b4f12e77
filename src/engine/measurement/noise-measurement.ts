/** One look at a capture chain. */
export type NoiseReading = {
  /** RMS level at the microphone and behind the chain, dBFS. */
  readonly inputRmsDb: number;
  readonly outputRmsDb: number;
  /** Whether the chain lets through what it hears. */
  readonly isTransmitting: boolean;
};

/** What a microphone and the chain behind it measure in a quiet and in a spoken stretch. */
export type NoiseFindings = {
  /** Noise floor at the microphone, before and after the chain, dBFS. */
  readonly inputNoiseDb: number;
  readonly outputNoiseDb: number;
  /** Speech at the microphone and behind the chain, dBFS. */
  readonly inputSpeechDb: number;
  readonly outputSpeechDb: number;
  /** Speech over noise, dB. */
  readonly inputSnrDb: number;
  readonly outputSnrDb: number;
  /** Share of the quiet stretch that would have been sent, and of the spoken one, %. */
  readonly openWhenQuietPercent: number;
  readonly openWhenSpeakingPercent: number;
};

/** Level below which a gate makes a signal practically silent, dBFS. */
const SILENT_DB = -100;

/** Share of the loudest readings that stands for speech: pauses between words do not count. */
const SPEECH_SHARE = 0.4;

/** Gathers readings of the capture chain's levels, first without speech and then with it. Any rate of readings. */
export class NoiseMeasurement {
  readonly #quiet: NoiseReading[] = [];
  readonly #spoken: NoiseReading[] = [];

  /** Takes one reading; the object is copied. */
  add({ inputRmsDb, outputRmsDb, isTransmitting }: NoiseReading, isSpeaking: boolean): void {
    (isSpeaking ? this.#spoken : this.#quiet).push({ inputRmsDb, outputRmsDb, isTransmitting });
  }

  /** What was found; undefined before both stretches have readings. */
  findings(): NoiseFindings | undefined {
    if (this.#quiet.length === 0 || this.#spoken.length === 0) return undefined;
    const median = (values: readonly number[]): number =>
      [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? SILENT_DB;
    const loud = (values: readonly number[]): number => {
      const sorted = [...values].sort((a, b) => b - a);
      return median(sorted.slice(0, Math.max(1, Math.round(sorted.length * SPEECH_SHARE))));
    };
    const open = (levels: readonly NoiseReading[]): number =>
      (100 * levels.filter(({ isTransmitting }) => isTransmitting).length) / levels.length;
    const inputNoiseDb = median(this.#quiet.map(({ inputRmsDb }) => inputRmsDb));
    const outputNoiseDb = Math.max(SILENT_DB, median(this.#quiet.map(({ outputRmsDb }) => outputRmsDb)));
    const inputSpeechDb = loud(this.#spoken.map(({ inputRmsDb }) => inputRmsDb));
    const outputSpeechDb = loud(this.#spoken.map(({ outputRmsDb }) => outputRmsDb));
    return {
      inputNoiseDb,
      outputNoiseDb,
      inputSpeechDb,
      outputSpeechDb,
      inputSnrDb: inputSpeechDb - inputNoiseDb,
      outputSnrDb: outputSpeechDb - outputNoiseDb,
      openWhenQuietPercent: open(this.#quiet),
      openWhenSpeakingPercent: open(this.#spoken),
    };
  }
}

/** Advice on a microphone's signal-to-noise ratio in dB. The steps are those at which listeners notice noise. */
export function snrAdvice(snrDb: number): string {
  if (snrDb >= 40) return "Very quiet surroundings: suppression can stay light or off.";
  if (snrDb >= 25) return "A good microphone in a normal room: the default suppression fits.";
  if (snrDb >= 12) return "Noise is clearly there: come closer to the microphone, and keep suppression on.";
  return "Noise nearly covers speech: come much closer, or use a headset.";
}
