import { quantile } from "../measurement/distribution.ts";
import { SAMPLE_RATE } from "../media/units.ts";
import { CAPTURE_TELEMETRY } from "../shared-memory/capture-telemetry.ts";
import { MIX_TELEMETRY, STREAM_TELEMETRY, streamTelemetryStart } from "../shared-memory/playback-telemetry.ts";
import type { TelemetryReader } from "../shared-memory/telemetry-block.ts";
import type { LatencyStageName } from "./latency-result.ts";

/** Sums that grow while a stream plays. */
type Sums = { readonly transit: number; readonly packets: number; readonly waited: number; readonly emitted: number };

/**
 * Takes the engine's delay apart by what its two worklets count, both on the sample clock of one context. Independent of the chirps.
 *
 * A frame's timestamp is the position of its first sample on the capture clock. The receive stream sums, for every packet, the
 * playout clock at its arrival minus the timestamp; with the distance of the two clocks, that is the time from that position to the
 * arrival. What is left of it after the frame's own length and its wait for the rest of a block is the way through the network. The
 * filters' delay is not in it: the audio behind them is older than its position says.
 */
export class EngineStages {
  readonly #capture: TelemetryReader;
  readonly #playback: TelemetryReader;
  readonly #start: number;
  readonly #firstTimestamp: number;
  readonly #distances: number[] = [];
  #before: Sums | undefined;

  /** @param firstTimestamp RTP timestamp that the capture node began with */
  constructor(capture: TelemetryReader, playback: TelemetryReader, slot: number, firstTimestamp = 0) {
    this.#firstTimestamp = firstTimestamp;
    this.#capture = capture;
    this.#playback = playback;
    this.#start = streamTelemetryStart(slot);
  }

  /** Begins a stretch of time. */
  begin(): void {
    this.#before = this.#sums();
    this.#distances.length = 0;
    this.observe();
  }

  /** Looks at the clocks. Numbers of two moments can stand side by side in shared memory: look several times in between. */
  observe(): void {
    this.#distances.push(this.#clockDistance());
  }

  /**
   * Ends it.
   *
   * @param mixerSamples delay of the mixer, samples
   * @returns ms by stage; undefined when no packet came
   */
  end(mixerSamples: number): Readonly<Record<LatencyStageName, number>> | undefined {
    this.observe();
    const before = this.#before;
    const after = this.#sums();
    if (before === undefined || after.packets <= before.packets || after.emitted <= before.emitted) return undefined;
    const capture = (name: keyof typeof CAPTURE_TELEMETRY): number => this.#capture.at(CAPTURE_TELEMETRY[name]);
    const transit =
      (after.transit - before.transit) / (after.packets - before.packets) +
      this.#medianDistance() +
      this.#firstTimestamp;
    const frame = capture("frameSamples");
    const filters = capture("signalDelaySamples");
    // The last frame of a block waits for none.
    const wait = (capture("chainLatencySamples") - filters) / 2;
    const milliseconds = (samples: number): number => (1_000 * samples) / SAMPLE_RATE;
    return {
      capture: milliseconds(frame),
      processing: milliseconds(filters + wait),
      encode: milliseconds(capture("encoderLookaheadSamples")),
      network: milliseconds(transit - frame - wait),
      jitterBuffer: milliseconds((after.waited - before.waited) / (after.emitted - before.emitted)),
      decode: 0,
      output: milliseconds(mixerSamples + this.#playback.at(MIX_TELEMETRY.resamplerSamples)),
    };
  }

  #sums(): Sums {
    const at = (name: keyof typeof STREAM_TELEMETRY): number => this.#playback.at(this.#start + STREAM_TELEMETRY[name]);
    return {
      transit: at("totalTransit"),
      packets: at("packetsReceived") - at("packetsDuplicated"),
      waited: at("jitterBufferDelay"),
      emitted: at("jitterBufferEmittedCount"),
    };
  }

  #medianDistance(): number {
    return quantile(Float64Array.from(this.#distances).sort(), 0.5);
  }

  /** How far the capture clock is ahead of the playout clock at the same time of the context, samples. */
  #clockDistance(): number {
    const capture = (name: keyof typeof CAPTURE_TELEMETRY): number => this.#capture.at(CAPTURE_TELEMETRY[name]);
    const mix = (name: keyof typeof MIX_TELEMETRY): number => this.#playback.at(MIX_TELEMETRY[name]);
    const captured = capture("samplesProcessed") - capture("contextTime") * SAMPLE_RATE;
    const played = mix("playoutSamples") - mix("contextTime") * SAMPLE_RATE;
    return captured - played;
  }
}
