import { type CaptureLevels, silentCaptureLevels, silentOutputLevels, type VoiceEngine } from "../../engine/index.ts";
import type { LevelReading } from "../parts/meter-ballistics.ts";

/** What the meters of the page read, without allocation, whether or not an engine is there. */
export class LevelSources {
  readonly #engine: () => VoiceEngine | undefined;
  readonly #capture = silentCaptureLevels();
  readonly #output = silentOutputLevels();

  constructor(engine: () => VoiceEngine | undefined) {
    this.#engine = engine;
  }

  /** Microphone before any processing. */
  readonly input = (into: LevelReading): void => {
    this.readCapture(this.#capture);
    into.peakDb = this.#capture.inputPeakDb;
    into.rmsDb = this.#capture.inputRmsDb;
  };

  /** What goes to the encoder. */
  readonly sent = (into: LevelReading): void => {
    this.readCapture(this.#capture);
    into.peakDb = this.#capture.outputPeakDb;
    into.rmsDb = this.#capture.outputRmsDb;
  };

  /** Everything that is heard here. */
  readonly output = (into: LevelReading): void => {
    this.#engine()?.output.levels(this.#output);
    into.peakDb = this.#output.peakDb;
    into.rmsDb = this.#output.rmsDb;
  };

  /** How much the limiter of the output turns down, ≤ 0 dB. */
  outputGainReduction(): number {
    return this.#engine()?.output.levels(this.#output).gainReductionDb ?? 0;
  }

  /** Level at a point of the capture chain: 0 is the input, 6 the signal behind the limiter. */
  readStage(point: number, into: LevelReading): void {
    this.readCapture(this.#capture);
    into.peakDb = point <= 1 ? this.#capture.inputPeakDb : point === 6 ? this.#capture.outputPeakDb : -120;
    into.rmsDb = point <= 1 ? this.#capture.inputRmsDb : point === 6 ? this.#capture.outputRmsDb : -120;
  }

  /** Fills `into` with what the microphone's chain does now; leaves it alone while there is none. */
  readCapture(into: CaptureLevels): void {
    this.#engine()?.microphone?.levels(into);
  }
}
