import type { CaptureChain } from "../capture/capture-chain.ts";
import { CAPTURE_STAGES, LEVEL_POINTS } from "../capture/capture-telemetry.ts";
import {
  CAPTURE_STAGE_COUNT,
  CAPTURE_STAGE_TELEMETRY,
  CAPTURE_TELEMETRY,
  captureStageStart,
} from "../shared-memory/capture-telemetry.ts";
import type { PacketWriter } from "../shared-memory/packet-pipe.ts";
import type { TelemetryWriter } from "../shared-memory/telemetry-block.ts";
import type { CaptureInput } from "./capture-input.ts";

const SUPPRESSOR = CAPTURE_STAGES.indexOf("suppressor");
const LEVELER = CAPTURE_STAGES.indexOf("leveler");
const LIMITER = CAPTURE_STAGES.indexOf("limiter");
const ENCODER = CAPTURE_STAGES.indexOf("encoder");
const LAST_POINT = LEVEL_POINTS - 1;
/** Numbers are filled in at most this often, and posted five times less often, per second. */
const FILLS_PER_SECOND = 100;
const FILLS_PER_POST = 5;

/** Copies a capture chain's figures into the telemetry block a hundred times a second. Audio thread; allocates nothing itself. */
export class CaptureTelemetryPublisher {
  readonly #writer: TelemetryWriter;
  readonly #frames: PacketWriter;
  readonly #contextRate: number;
  readonly #fillInterval: number;
  #bitrate = 0;
  #emptyQuanta = 0;
  #sinceFill = 0;
  #sincePost = 0;

  constructor(writer: TelemetryWriter, frames: PacketWriter, contextRate: number) {
    this.#writer = writer;
    this.#frames = frames;
    this.#contextRate = contextRate;
    this.#fillInterval = contextRate / FILLS_PER_SECOND;
  }

  /** Bitrate that the encoder aims at, bit/s. */
  setBitrate(bitrate: number): void {
    this.#bitrate = bitrate;
  }

  /** Counts a quantum in which the source delivered nothing. */
  countEmpty(): void {
    this.#emptyQuanta += 1;
  }

  /** To be called at the end of a render quantum that began at `contextTime`. */
  quantum(chain: CaptureChain, input: CaptureInput, contextTime: number, frames: number): void {
    this.#sinceFill += frames;
    if (this.#sinceFill < this.#fillInterval) return;
    this.#sinceFill = 0;
    this.#fill(chain, input, contextTime, frames);
    this.#sincePost += 1;
    if (this.#sincePost < FILLS_PER_POST) return;
    this.#sincePost = 0;
    this.#writer.publish();
  }

  #fill(chain: CaptureChain, input: CaptureInput, contextTime: number, frames: number): void {
    const { values } = this.#writer;
    const { telemetry } = chain;
    values[CAPTURE_TELEMETRY.inputPeakDb] = telemetry.peakDb[0] as number;
    values[CAPTURE_TELEMETRY.inputRmsDb] = telemetry.rmsDb[0] as number;
    values[CAPTURE_TELEMETRY.outputPeakDb] = telemetry.peakDb[LAST_POINT] as number;
    values[CAPTURE_TELEMETRY.outputRmsDb] = telemetry.rmsDb[LAST_POINT] as number;
    values[CAPTURE_TELEMETRY.limiterGainDb] = telemetry.gainDb[LIMITER] as number;
    values[CAPTURE_TELEMETRY.levelerGainDb] = telemetry.gainDb[LEVELER] as number;
    values[CAPTURE_TELEMETRY.suppressionDb] = telemetry.gainDb[SUPPRESSOR] as number;
    values[CAPTURE_TELEMETRY.noiseFloorDb] = telemetry.noiseFloorDb;
    values[CAPTURE_TELEMETRY.voiceProbability] = Math.max(0, telemetry.voiceProbability);
    values[CAPTURE_TELEMETRY.isTransmitting] = telemetry.isTransmitting ? 1 : 0;
    values[CAPTURE_TELEMETRY.isTalkKeyActive] = telemetry.isTalkKeyActive ? 1 : 0;
    values[CAPTURE_TELEMETRY.loudnessLufs] = telemetry.momentaryLufs;
    values[CAPTURE_TELEMETRY.chainLatencySamples] = chain.latencySamples + input.latencySamples;
    values[CAPTURE_TELEMETRY.signalDelaySamples] = chain.signalDelaySamples + input.latencySamples;
    values[CAPTURE_TELEMETRY.encoderLookaheadSamples] = telemetry.latencySamples[ENCODER] as number;
    values[CAPTURE_TELEMETRY.frameSamples] = chain.frameSamples;
    values[CAPTURE_TELEMETRY.bitrate] = this.#bitrate;
    values[CAPTURE_TELEMETRY.framesSent] = telemetry.framesSent;
    values[CAPTURE_TELEMETRY.bytesSent] = telemetry.bytesSent;
    values[CAPTURE_TELEMETRY.overruns] = this.#frames.overruns;
    values[CAPTURE_TELEMETRY.samplesProcessed] = telemetry.samplesProcessed;
    values[CAPTURE_TELEMETRY.emptyQuanta] = this.#emptyQuanta;
    values[CAPTURE_TELEMETRY.contextRate] = this.#contextRate;
    values[CAPTURE_TELEMETRY.quantumFrames] = frames;
    values[CAPTURE_TELEMETRY.encoderErrors] = telemetry.encoderErrors;
    values[CAPTURE_TELEMETRY.contextTime] = contextTime;
    values[CAPTURE_TELEMETRY.invalidSamples] = telemetry.invalidSamples;
    for (let stage = 0; stage < CAPTURE_STAGE_COUNT; stage++) {
      const start = captureStageStart(stage);
      values[start + CAPTURE_STAGE_TELEMETRY.peakDb] = telemetry.peakDb[stage] as number;
      values[start + CAPTURE_STAGE_TELEMETRY.rmsDb] = telemetry.rmsDb[stage] as number;
      values[start + CAPTURE_STAGE_TELEMETRY.latencySamples] = telemetry.latencySamples[stage] as number;
      values[start + CAPTURE_STAGE_TELEMETRY.costMs] = telemetry.cost[stage] as number;
    }
  }
}
