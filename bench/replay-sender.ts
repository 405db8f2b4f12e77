import type { CodecModule } from "../src/engine/codec/codec-module.ts";
import { OpusEncoder } from "../src/engine/codec/opus-encoder.ts";
import { Resampler } from "../src/engine/codec/resampler.ts";
import { SAMPLE_RATE } from "../src/engine/media/units.ts";
import { type RedundantFrame, writeRedPayload } from "../src/engine/packet/red-payload.ts";
import { MAX_DATAGRAM_BYTES, OPUS_PAYLOAD_TYPE, RED_PAYLOAD_TYPE } from "../src/engine/packet/rtp-packet.ts";
import { packetize } from "./receiver-simulation.ts";
import type { ReplayOptions } from "./replay-options.ts";
import type { Audio } from "./wav.ts";

/** Bytes kept for the RTP header and its extensions. */
const HEADER_ROOM = 32;

/** What a sender makes of a recording. */
export type SentPackets = {
  readonly datagrams: readonly Uint8Array[];
  /** Bytes of all payloads. */
  readonly bytes: number;
};

/**
 * Encodes a recording at 48 kHz to one datagram for each timestamp, with redundant frames as asked for; stops where the recording ends.
 */
export function encodeRecording(
  codec: CodecModule,
  audio: Audio,
  timestamps: readonly number[],
  frameSamples: number,
  options: Pick<ReplayOptions, "bitrate" | "hasFec" | "redundancy" | "dredFrames">,
): SentPackets {
  const channels = audio.channels.length > 1 ? 2 : 1;
  const encoder = new OpusEncoder(codec, { channels, application: "voip" });
  const hasLoss = options.hasFec || options.dredFrames > 0;
  encoder.configure({
    bitrate: options.bitrate,
    complexity: 9,
    rateControl: "vbr",
    fec: options.hasFec,
    expectedLossPercent: hasLoss ? 10 : 0,
    dredDuration: options.dredFrames,
  });
  const payloads: Uint8Array[] = [];
  const datagrams: Uint8Array[] = [];
  let bytes = 0;
  for (const [index, timestamp] of timestamps.entries()) {
    if (timestamp + frameSamples > (audio.channels[0]?.length ?? 0)) break;
    for (let i = 0; i < frameSamples; i++) {
      for (let channel = 0; channel < channels; channel++) {
        encoder.input[i * channels + channel] = audio.channels[channel]?.[timestamp + i] ?? 0;
      }
    }
    const length = encoder.encode(frameSamples);
    if (length < 0) throw new RangeError(`Cannot encode frame ${index}: Opus error ${length}`);
    payloads.push(encoder.output.slice(0, length));
    const red = options.redundancy > 0 ? redundantPayload(payloads, timestamps, options.redundancy) : undefined;
    const payload = red ?? encoder.output.slice(0, length);
    bytes += payload.length;
    datagrams.push(packetize(payload, index, timestamp, red === undefined ? OPUS_PAYLOAD_TYPE : RED_PAYLOAD_TYPE));
  }
  encoder.close();
  return { datagrams, bytes };
}

/** The newest payload with up to `count` older ones before it; undefined when there is none that fits. */
function redundantPayload(
  payloads: readonly Uint8Array[],
  timestamps: readonly number[],
  count: number,
): Uint8Array | undefined {
  const newest = payloads.length - 1;
  const primary = payloads[newest] ?? new Uint8Array(0);
  const frames: RedundantFrame[] = [];
  for (let distance = Math.min(count, newest); distance > 0; distance--) {
    const bytes = payloads[newest - distance];
    if (bytes === undefined) continue;
    const timestampOffset = (timestamps[newest] ?? 0) - (timestamps[newest - distance] ?? 0);
    frames.push({ bytes, length: bytes.length, timestampOffset });
  }
  const into = new Uint8Array(MAX_DATAGRAM_BYTES - HEADER_ROOM);
  for (; frames.length > 0; frames.shift()) {
    const end = writeRedPayload(into, 0, frames, frames.length, { bytes: primary, offset: 0, length: primary.length });
    if (end > 0) return into.slice(0, end);
  }
  return undefined;
}

/** Converts a recording to 48 kHz, with the delay of the filter taken off; the same object when it is at 48 kHz already. */
export function toEngineRate(codec: CodecModule, audio: Audio): Audio {
  if (audio.sampleRate === SAMPLE_RATE) return audio;
  const block = Math.ceil(audio.sampleRate / 100);
  const channels = audio.channels.map((input) => {
    const resampler = new Resampler(codec, {
      channels: 1,
      inputRate: audio.sampleRate,
      outputRate: SAMPLE_RATE,
      quality: 10,
      capacity: block,
    });
    const output = new Float32Array(Math.ceil((input.length * SAMPLE_RATE) / audio.sampleRate));
    let written = -resampler.outputLatency;
    for (let at = 0; at < input.length + 10 * block; at += block) {
      for (let i = 0; i < block; i++) resampler.input[i] = input[at + i] ?? 0;
      const frames = resampler.process(block);
      for (let i = 0; i < frames; i++) if (written + i >= 0) output[written + i] = resampler.output[i] ?? 0;
      written += Math.max(0, frames);
    }
    resampler.close();
    return output;
  });
  return { sampleRate: SAMPLE_RATE, channels };
}
