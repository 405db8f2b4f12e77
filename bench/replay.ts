import { readFileSync } from "node:fs";
import { CodecModule } from "../src/engine/codec/codec-module.ts";
import { millisecondsToSamples, SAMPLE_RATE } from "../src/engine/media/units.ts";
import type { ReceiveStatistics } from "../src/engine/playout/receive-statistics.ts";
import { defaultSettings } from "../src/engine/settings/default-settings.ts";
import type { JitterBufferSettings } from "../src/engine/settings/playout-settings.ts";
import { coreModule, neuralModule } from "../test/support/core-module.ts";
import { formatTable } from "./format-table.ts";
import { receiverFigures } from "./receiver-figures.ts";
import { arrivalsOf, type SimulationResult, simulate } from "./receiver-simulation.ts";
import { type NetworkTrace, parseTrace } from "./receiver-trace.ts";
import { type ReplayOptions, readReplayOptions } from "./replay-options.ts";
import { recordedDatagrams } from "./replay-recorded.ts";
import { encodeRecording, toEngineRate } from "./replay-sender.ts";
import { readWav, writeWav } from "./wav.ts";

/** Mixed onto the receiver's clock: what was heard of a trace, and what it took. */
type Replay = {
  readonly trace: NetworkTrace;
  readonly result: SimulationResult;
  readonly bytesPerSecond: number;
};

/** `npm run replay`: sends a recording through a trace, receives it under virtual time and writes what would be heard. */
function main(args: readonly string[]): void {
  const options = readReplayOptions(args);
  const document: unknown = JSON.parse(readFileSync(options.trace, "utf8"));
  const { trace, result, bytesPerSecond } =
    options.input === undefined ? replayRecorded(document, options) : replayFile(options.input, document, options);
  writeWav(options.output, { sampleRate: SAMPLE_RATE, channels: result.output ?? [] });
  const { meanDelayMs, lateLossPercent, concealedPercent } = receiverFigures(trace, result);
  const { statistics } = result;
  const recovered = {
    red: statistics.recoveredByRed,
    fec: statistics.recoveredByFec,
    dred: statistics.recoveredByDred,
  };
  const json = {
    statistics: inSeconds(statistics),
    meanDelayMs,
    lateLossPercent,
    concealedPercent,
    recovered,
    bytesPerSecond,
  };
  if (options.isJson) {
    process.stdout.write(`${JSON.stringify(json, undefined, 2)}\n`);
    return;
  }
  const rows = Object.entries({ ...json.statistics, meanDelayMs, lateLossPercent, concealedPercent, bytesPerSecond });
  process.stdout.write(`${formatTable(`What would be heard: ${options.output}`, ["figure", "value"], rows)}\n`);
}

function replayFile(input: string, document: unknown, options: ReplayOptions): Replay {
  const sender = CodecModule.instantiate(options.dredFrames > 0 ? neuralModule() : coreModule());
  const recorded = withFrames(parseTrace(document, options.trace), options.frameMs);
  const audio = toEngineRate(sender, readWav(input));
  const frameSamples = millisecondsToSamples(recorded.frameDuration);
  const sent = encodeRecording(sender, audio, mediaTimes(recorded), frameSamples, options);
  const trace = { ...recorded, packets: recorded.packets.slice(0, sent.datagrams.length) };
  const result = simulate(trace, arrivalsOf(trace, sent.datagrams), {
    codec: receiverCodec(options),
    settings: jitterSettings(options),
    keepsOutput: true,
    channels: audio.channels.length > 1 ? 2 : 1,
    timestamps: mediaTimes(trace),
  });
  const seconds = (sent.datagrams.length * trace.frameDuration) / 1000;
  return { trace, result, bytesPerSecond: Math.round(sent.bytes / seconds) };
}

function replayRecorded(document: unknown, options: ReplayOptions): Replay {
  const arrivals = recordedDatagrams(document);
  if (arrivals === undefined) {
    throw new Error(`Cannot replay ${options.trace} alone: it has no payloads; give a recording to send through it`);
  }
  const trace = parseTrace(document, options.trace);
  const result = simulate(trace, arrivals, {
    codec: receiverCodec(options),
    settings: jitterSettings(options),
    keepsOutput: true,
    channels: 2,
  });
  const bytes = arrivals.reduce((sum, { datagram }) => sum + datagram.length, 0);
  const seconds = (trace.packets.at(-1)?.sent ?? 1000) / 1000;
  return { trace, result, bytesPerSecond: Math.round(bytes / seconds) };
}

/** The same network for another frame length: every new frame takes the fate of the packet sent at its time. */
function withFrames(trace: NetworkTrace, frameMs: number | undefined): NetworkTrace {
  if (frameMs === undefined || frameMs === trace.frameDuration) return trace;
  const length = trace.packets.length * trace.frameDuration;
  const packets = Array.from({ length: Math.floor(length / frameMs) }, (_, index) => {
    const sent = index * frameMs;
    const fate = trace.packets[Math.floor(sent / trace.frameDuration)];
    const isLost = fate === undefined || fate.arrival === null;
    return { sent, arrival: isLost ? null : sent + (fate.arrival ?? 0) - fate.sent };
  });
  return { ...trace, frameDuration: frameMs, packets };
}

/** Media time of each packet in samples: whole frames after one another, with the sender's pauses. */
function mediaTimes({ packets, frameDuration }: NetworkTrace): readonly number[] {
  const frame = millisecondsToSamples(frameDuration);
  let media = -frame;
  let before = -frameDuration;
  return packets.map(({ sent }) => {
    media += Math.max(1, Math.round((sent - before) / frameDuration)) * frame;
    before = sent;
    return media;
  });
}

function receiverCodec({ isNeural }: ReplayOptions): CodecModule {
  return CodecModule.instantiate(isNeural ? neuralModule() : coreModule());
}

function jitterSettings({ jitterMs, preference }: ReplayOptions): JitterBufferSettings {
  const { jitterBuffer } = defaultSettings;
  if (jitterMs === undefined) return { ...jitterBuffer, preference };
  return { ...jitterBuffer, preference, mode: "manual", targetMs: jitterMs };
}

/** Durations as webrtc-stats has them, in seconds; sample counts stay. */
function inSeconds(statistics: ReceiveStatistics): Readonly<Record<string, number>> {
  return {
    ...statistics,
    jitterBufferDelay: statistics.jitterBufferDelay / SAMPLE_RATE,
    jitterBufferTargetDelay: statistics.jitterBufferTargetDelay / SAMPLE_RATE,
    jitterBufferMinimumDelay: statistics.jitterBufferMinimumDelay / SAMPLE_RATE,
    totalInterruptionDuration: statistics.totalInterruptionDuration / SAMPLE_RATE,
  };
}

try {
  main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
