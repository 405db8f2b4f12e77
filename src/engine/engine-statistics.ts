import { SAMPLE_RATE } from "./media/units.ts";
import { MIXER_LATENCY } from "./playout/mixer.ts";
import { CAPTURE_TELEMETRY } from "./shared-memory/capture-telemetry.ts";
import { MIX_TELEMETRY, STREAM_TELEMETRY, streamTelemetryStart } from "./shared-memory/playback-telemetry.ts";
import type { TelemetryReader } from "./shared-memory/telemetry-block.ts";

/** Statistics of one receive stream. W3C webrtc-stats names and units (seconds, samples) where it has them. */
export type ReceiveStreamStatistics = {
  readonly ssrc: number;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly packetsDiscarded: number;
  readonly fecPacketsReceived: number;
  readonly totalSamplesReceived: number;
  readonly concealedSamples: number;
  readonly silentConcealedSamples: number;
  readonly concealmentEvents: number;
  readonly insertedSamplesForDeceleration: number;
  readonly removedSamplesForAcceleration: number;
  /** Seconds, summed over emitted samples. */
  readonly jitterBufferDelay: number;
  readonly jitterBufferTargetDelay: number;
  readonly jitterBufferMinimumDelay: number;
  readonly jitterBufferEmittedCount: number;
  readonly recovered: { readonly red: number; readonly fec: number; readonly dred: number };
  /** The sender's clock against ours. */
  readonly driftPpm: number;
  readonly interruptionCount: number;
  /** Seconds. */
  readonly totalInterruptionDuration: number;
  readonly currentDelayMs: number;
  readonly targetDelayMs: number;
  /** Target without the user's bounds. */
  readonly minimumDelayMs: number;
  /** Datagrams lost between our own threads. */
  readonly ringOverruns: number;
  /** Times the stream started over: another sender, a jump of the timestamps, a sleep. */
  readonly resyncCount: number;
  /** Concealments done classically because the quantum had no time left for the neural network. */
  readonly budgetShortfalls: number;
  readonly comfortNoiseSamples: number;
  readonly packetsDuplicated: number;
  /** Packets that were no valid Opus. */
  readonly packetsInvalid: number;
};

/** Statistics of one local stream. */
export type SendStreamStatistics = {
  readonly ssrc: number;
  readonly label: string;
  readonly framesSent: number;
  readonly bytesSent: number;
  /** Frames lost between our own threads. */
  readonly overruns: number;
  readonly frameMs: number;
  /** Bitrate the encoder aims at, bit/s. */
  readonly bitrate: number;
  /** Delay of the processing before the encoder. */
  readonly chainLatencyMs: number;
  readonly encoderLookaheadMs: number;
  readonly contextRate: number;
  readonly quantumFrames: number;
};

/** Underruns of an AudioContext as the browser counts them; undefined where it does not. */
export type PlaybackUnderruns = {
  /** Times the output ran dry. */
  readonly underrunEvents: number;
  /** Seconds of silence that came of it. */
  readonly underrunDuration: number;
  /** Seconds played in all. */
  readonly totalDuration: number;
  readonly averageLatency: number;
};

/** Statistics of the playback side. */
export type OutputStatistics = {
  readonly contextRate: number;
  readonly quantumFrames: number;
  /** Seconds, as the AudioContext says. */
  readonly baseLatency: number;
  readonly outputLatency: number;
  /** Delay of the mix: its limiter, and the conversion to the context's rate. */
  readonly mixLatencyMs: number;
  readonly underruns: PlaybackUnderruns | undefined;
};

/** The numbers of the stream in `slot`. */
export function readStreamStatistics(telemetry: TelemetryReader, slot: number): ReceiveStreamStatistics {
  const start = streamTelemetryStart(slot);
  const at = (name: keyof typeof STREAM_TELEMETRY): number => telemetry.at(start + STREAM_TELEMETRY[name]);
  return {
    ssrc: at("ssrc"),
    packetsReceived: at("packetsReceived"),
    packetsLost: at("packetsLost"),
    packetsDiscarded: at("packetsDiscarded"),
    fecPacketsReceived: at("fecPacketsReceived"),
    totalSamplesReceived: at("totalSamplesReceived"),
    concealedSamples: at("concealedSamples"),
    silentConcealedSamples: at("silentConcealedSamples"),
    concealmentEvents: at("concealmentEvents"),
    insertedSamplesForDeceleration: at("insertedSamplesForDeceleration"),
    removedSamplesForAcceleration: at("removedSamplesForAcceleration"),
    jitterBufferDelay: at("jitterBufferDelay") / SAMPLE_RATE,
    jitterBufferTargetDelay: at("jitterBufferTargetDelay") / SAMPLE_RATE,
    jitterBufferMinimumDelay: at("jitterBufferMinimumDelay") / SAMPLE_RATE,
    jitterBufferEmittedCount: at("jitterBufferEmittedCount"),
    recovered: { red: at("recoveredByRed"), fec: at("recoveredByFec"), dred: at("recoveredByDred") },
    driftPpm: at("driftPpm"),
    interruptionCount: at("interruptionCount"),
    totalInterruptionDuration: at("totalInterruptionDuration") / SAMPLE_RATE,
    currentDelayMs: at("currentDelayMs"),
    targetDelayMs: at("targetDelayMs"),
    minimumDelayMs: at("minimumDelayMs"),
    ringOverruns: at("ringOverruns"),
    resyncCount: at("resyncCount"),
    budgetShortfalls: at("budgetShortfalls"),
    comfortNoiseSamples: at("comfortNoiseSamples"),
    packetsDuplicated: at("packetsDuplicated"),
    packetsInvalid: at("packetsInvalid"),
  };
}

/** The numbers of one capture node. */
export function readSendStatistics(telemetry: TelemetryReader, ssrc: number, label: string): SendStreamStatistics {
  const at = (name: keyof typeof CAPTURE_TELEMETRY): number => telemetry.at(CAPTURE_TELEMETRY[name]);
  const milliseconds = (samples: number): number => (samples * 1000) / SAMPLE_RATE;
  return {
    ssrc,
    label,
    framesSent: at("framesSent"),
    bytesSent: at("bytesSent"),
    overruns: at("overruns"),
    frameMs: milliseconds(at("frameSamples")),
    bitrate: at("bitrate"),
    chainLatencyMs: milliseconds(at("chainLatencySamples")),
    encoderLookaheadMs: milliseconds(at("encoderLookaheadSamples")),
    contextRate: at("contextRate"),
    quantumFrames: at("quantumFrames"),
  };
}

/** The numbers of the playback context and node. */
export function readOutputStatistics(telemetry: TelemetryReader, context: AudioContext): OutputStatistics {
  return {
    contextRate: context.sampleRate,
    quantumFrames: telemetry.at(MIX_TELEMETRY.quantumFrames),
    baseLatency: context.baseLatency,
    outputLatency: context.outputLatency,
    mixLatencyMs: (1_000 * (MIXER_LATENCY + telemetry.at(MIX_TELEMETRY.resamplerSamples))) / SAMPLE_RATE,
    underruns: underrunsOf(context),
  };
}

/** `AudioContext.playbackStats` as Chromium has it (2026); missing elsewhere. */
type WithPlaybackStats = { readonly playbackStats?: PlaybackUnderruns };

function underrunsOf(context: AudioContext & WithPlaybackStats): PlaybackUnderruns | undefined {
  const stats = context.playbackStats;
  if (stats === undefined) {
    return undefined;
  }
  const { underrunEvents, underrunDuration, totalDuration, averageLatency } = stats;
  return { underrunEvents, underrunDuration, totalDuration, averageLatency };
}
