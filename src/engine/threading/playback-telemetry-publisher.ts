import type { Mixer } from "../playout/mixer.ts";
import type { StreamStrip } from "../playout/stream-strip.ts";
import type { PacketReader } from "../shared-memory/packet-pipe.ts";
import {
  MAX_REMOTE_STREAMS,
  MIX_TELEMETRY,
  STREAM_TELEMETRY,
  STREAM_TELEMETRY_LENGTH,
  streamTelemetryStart,
} from "../shared-memory/playback-telemetry.ts";
import type { TelemetryWriter } from "../shared-memory/telemetry-block.ts";
import type { AudioBlockWriter } from "./audio-block-writer.ts";

/** Numbers are filled in at most this often, and posted five times less often, per second. */
const FILLS_PER_SECOND = 100;
const FILLS_PER_POST = 5;

/** Copies the mixer's figures into the telemetry block a hundred times a second. Audio thread; allocates nothing itself. */
export class PlaybackTelemetryPublisher {
  readonly #writer: TelemetryWriter;
  readonly #ssrcs = new Float64Array(MAX_REMOTE_STREAMS);
  readonly #pipes: (PacketReader | undefined)[] = Array.from({ length: MAX_REMOTE_STREAMS }, () => undefined);
  readonly #fillInterval: number;
  #taps: readonly AudioBlockWriter[] = [];
  #sinceFill = 0;
  #sincePost = 0;

  /** `resamplerSamples`: delay of the conversion to the context's rate, samples at 48 kHz. */
  constructor(writer: TelemetryWriter, contextRate: number, resamplerSamples: number) {
    this.#writer = writer;
    this.#fillInterval = contextRate / FILLS_PER_SECOND;
    writer.values[MIX_TELEMETRY.contextRate] = contextRate;
    writer.values[MIX_TELEMETRY.resamplerSamples] = resamplerSamples;
  }

  /** Which stream plays in `slot`; ssrc 0 when it is free. */
  setStream(slot: number, ssrc: number, pipe: PacketReader | undefined): void {
    this.#ssrcs[slot] = ssrc;
    this.#pipes[slot] = pipe;
    const start = streamTelemetryStart(slot);
    this.#writer.values.fill(0, start, start + STREAM_TELEMETRY_LENGTH);
  }

  setTaps(taps: readonly AudioBlockWriter[]): void {
    this.#taps = taps;
  }

  /** To be called at the end of a render quantum that began at `contextTime`; `position` is the playout clock there. */
  quantum(mixer: Mixer, position: number, contextTime: number, frames: number): void {
    this.#sinceFill += frames;
    if (this.#sinceFill < this.#fillInterval) return;
    this.#sinceFill = 0;
    this.#fillMix(mixer, position, contextTime, frames);
    for (let slot = 0; slot < MAX_REMOTE_STREAMS; slot++) {
      const strip = mixer.strip(slot);
      if (strip !== undefined && this.#ssrcs[slot] !== 0) this.#fillStream(strip, slot);
    }
    this.#sincePost += 1;
    if (this.#sincePost < FILLS_PER_POST) return;
    this.#sincePost = 0;
    this.#writer.publish();
  }

  #fillMix(mixer: Mixer, position: number, contextTime: number, frames: number): void {
    const { values } = this.#writer;
    values[MIX_TELEMETRY.outputPeakDb] = mixer.meter.peakDb;
    values[MIX_TELEMETRY.outputRmsDb] = mixer.meter.rmsDb;
    values[MIX_TELEMETRY.limiterGainDb] = mixer.limiterGainDb;
    values[MIX_TELEMETRY.playoutSamples] = position;
    values[MIX_TELEMETRY.contextTime] = contextTime;
    values[MIX_TELEMETRY.quantumFrames] = frames;
    let overruns = 0;
    for (let i = 0; i < this.#taps.length; i++) overruns += this.#taps[i]?.overruns ?? 0;
    values[MIX_TELEMETRY.tapOverruns] = overruns;
  }

  #fillStream({ stream, meter }: StreamStrip, slot: number): void {
    const { values } = this.#writer;
    const { statistics } = stream;
    const start = streamTelemetryStart(slot);
    values[start + STREAM_TELEMETRY.peakDb] = meter.peakDb;
    values[start + STREAM_TELEMETRY.rmsDb] = meter.rmsDb;
    values[start + STREAM_TELEMETRY.packetsReceived] = statistics.packetsReceived;
    values[start + STREAM_TELEMETRY.packetsLost] = statistics.packetsLost;
    values[start + STREAM_TELEMETRY.packetsDiscarded] = statistics.packetsDiscarded;
    values[start + STREAM_TELEMETRY.packetsDuplicated] = statistics.packetsDuplicated;
    values[start + STREAM_TELEMETRY.packetsInvalid] = statistics.packetsInvalid;
    values[start + STREAM_TELEMETRY.fecPacketsReceived] = statistics.fecPacketsReceived;
    values[start + STREAM_TELEMETRY.totalSamplesReceived] = statistics.totalSamplesReceived;
    values[start + STREAM_TELEMETRY.concealedSamples] = statistics.concealedSamples;
    values[start + STREAM_TELEMETRY.silentConcealedSamples] = statistics.silentConcealedSamples;
    values[start + STREAM_TELEMETRY.concealmentEvents] = statistics.concealmentEvents;
    values[start + STREAM_TELEMETRY.insertedSamplesForDeceleration] = statistics.insertedSamplesForDeceleration;
    values[start + STREAM_TELEMETRY.removedSamplesForAcceleration] = statistics.removedSamplesForAcceleration;
    values[start + STREAM_TELEMETRY.jitterBufferDelay] = statistics.jitterBufferDelay;
    values[start + STREAM_TELEMETRY.jitterBufferTargetDelay] = statistics.jitterBufferTargetDelay;
    values[start + STREAM_TELEMETRY.jitterBufferMinimumDelay] = statistics.jitterBufferMinimumDelay;
    values[start + STREAM_TELEMETRY.jitterBufferEmittedCount] = statistics.jitterBufferEmittedCount;
    values[start + STREAM_TELEMETRY.recoveredByRed] = statistics.recoveredByRed;
    values[start + STREAM_TELEMETRY.recoveredByFec] = statistics.recoveredByFec;
    values[start + STREAM_TELEMETRY.recoveredByDred] = statistics.recoveredByDred;
    values[start + STREAM_TELEMETRY.driftPpm] = statistics.driftPpm;
    values[start + STREAM_TELEMETRY.interruptionCount] = statistics.interruptionCount;
    values[start + STREAM_TELEMETRY.totalInterruptionDuration] = statistics.totalInterruptionDuration;
    values[start + STREAM_TELEMETRY.currentDelayMs] = statistics.currentDelayMs;
    values[start + STREAM_TELEMETRY.targetDelayMs] = statistics.targetDelayMs;
    values[start + STREAM_TELEMETRY.minimumDelayMs] = statistics.minimumDelayMs;
    values[start + STREAM_TELEMETRY.totalTransit] = statistics.totalTransit;
    values[start + STREAM_TELEMETRY.resyncCount] = statistics.resyncCount;
    values[start + STREAM_TELEMETRY.budgetShortfalls] = statistics.budgetShortfalls;
    values[start + STREAM_TELEMETRY.comfortNoiseSamples] = statistics.comfortNoiseSamples;
    values[start + STREAM_TELEMETRY.ringOverruns] = this.#pipes[slot]?.overruns ?? 0;
    // Last, so that who finds the stream here finds its numbers.
    values[start + STREAM_TELEMETRY.ssrc] = this.#ssrcs[slot] ?? 0;
  }
}
