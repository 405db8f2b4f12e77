import {
  type CaptureLevels,
  type CaptureStage,
  type CaptureStageFigures,
  silentCaptureLevels,
  silentOutputLevels,
  silentStageFigures,
  type VoiceEngine,
} from "../../engine/index.ts";
import type { LevelReading, LevelSource } from "../parts/meter-ballistics.ts";

const silence: Readonly<CaptureStageFigures> = silentStageFigures();

/** What the meters of the page read, without allocation, whether or not an engine is there. */
export class LevelSources {
  readonly #engine: () => VoiceEngine | undefined;
  readonly #capture = silentCaptureLevels();
  readonly #output = silentOutputLevels();
  readonly #stage = silentStageFigures();

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

  /** A source that reads the level in front of a stage of the capture chain. */
  before(stage: CaptureStage): LevelSource {
    return (into) => {
      this.readStage(stage);
      into.peakDb = this.#stage.inputPeakDb;
      into.rmsDb = this.#stage.inputRmsDb;
    };
  }

  /** A source that reads the level behind a stage of the capture chain. */
  after(stage: CaptureStage): LevelSource {
    return (into) => {
      this.readStage(stage);
      into.peakDb = this.#stage.outputPeakDb;
      into.rmsDb = this.#stage.outputRmsDb;
    };
  }

  /** What a stage does now; the same object every time. */
  readStage(stage: CaptureStage): Readonly<CaptureStageFigures> {
    const { microphone } = this.#engine() ?? {};
    return microphone === undefined ? silence : microphone.stage(stage, this.#stage);
  }

  /** Fills `into` with what the microphone's chain does now; leaves it alone while there is none. */
  readCapture(into: CaptureLevels): void {
    this.#engine()?.microphone?.levels(into);
  }
}
