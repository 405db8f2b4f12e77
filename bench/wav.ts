import { readFileSync, writeFileSync } from "node:fs";

/** Planar audio: one Float32Array per channel, full scale ±1, all of equal length. */
export type Audio = {
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: readonly Float32Array[];
};

/** Sample format of a WAV file we write. */
export type WavFormat = "pcm16" | "pcm24" | "float32";

const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;
const FULL_SCALE_24 = 8_388_608;

type Layout = {
  readonly format: number;
  readonly channelCount: number;
  readonly sampleRate: number;
  readonly bits: number;
};

function readLayout(body: Buffer): Layout {
  const tag = body.readUInt16LE(0);
  return {
    format: tag === EXTENSIBLE && body.length >= 26 ? body.readUInt16LE(24) : tag,
    channelCount: body.readUInt16LE(2),
    sampleRate: body.readUInt32LE(4),
    bits: body.readUInt16LE(14),
  };
}

function sampleReader(layout: Layout, data: Buffer): (offset: number) => number {
  const { format, bits } = layout;
  if (format === FLOAT && bits === 32) return (at) => data.readFloatLE(at);
  if (format === FLOAT && bits === 64) return (at) => data.readDoubleLE(at);
  if (format === PCM && bits === 8) return (at) => (data.readUInt8(at) - 128) / 128;
  if (format === PCM && bits === 16) return (at) => data.readInt16LE(at) / 32_768;
  if (format === PCM && bits === 24) return (at) => data.readIntLE(at, 3) / FULL_SCALE_24;
  if (format === PCM && bits === 32) return (at) => data.readInt32LE(at) / 2_147_483_648;
  throw new RangeError(`Cannot read WAV data: format ${format} with ${bits} bits is not supported`);
}

/**
 * Decodes a RIFF/WAVE file held in memory: 8, 16, 24 or 32 bit integer, 32 or 64 bit float, any rate and channel count.
 * A `data` chunk longer than the file (a stream of unknown length) is read up to the end.
 * @throws RangeError when the bytes are not such a file.
 */
export function decodeWav(bytes: Uint8Array): Audio {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < 12 || file.toString("latin1", 0, 4) !== "RIFF") {
    throw new RangeError("Cannot read WAV data: it does not begin with RIFF");
  }
  let layout: Layout | undefined;
  let data: Buffer | undefined;
  for (let at = 12; at + 8 <= file.length; ) {
    const id = file.toString("latin1", at, at + 4);
    const size = file.readUInt32LE(at + 4);
    const body = file.subarray(at + 8, Math.min(file.length, at + 8 + size));
    if (id === "fmt " && body.length >= 16) layout = readLayout(body);
    if (id === "data") data = body;
    at += 8 + size + (size & 1);
  }
  if (layout === undefined || data === undefined || layout.channelCount === 0) {
    throw new RangeError("Cannot read WAV data: the fmt or the data chunk is missing");
  }
  const { channelCount, sampleRate, bits } = layout;
  const read = sampleReader(layout, data);
  const width = bits / 8;
  const frames = Math.floor(data.length / width / channelCount);
  const channels = Array.from({ length: channelCount }, (_, channel) => {
    const samples = new Float32Array(frames);
    for (let i = 0; i < frames; i++) samples[i] = read((i * channelCount + channel) * width);
    return samples;
  });
  return { sampleRate, channels };
}

/** Reads a WAV file; see {@link decodeWav}. @throws RangeError, or the file system's error. */
export function readWav(path: string): Audio {
  return decodeWav(readFileSync(path));
}

/** Encodes planar audio as a WAV file. Integer formats clip at full scale; no dither. */
export function encodeWav(audio: Audio, format: WavFormat = "pcm16"): Uint8Array {
  const { sampleRate, channels } = audio;
  const frames = channels[0]?.length ?? 0;
  const width = format === "pcm16" ? 2 : format === "pcm24" ? 3 : 4;
  const blockBytes = width * channels.length;
  const dataBytes = frames * blockBytes;
  const file = Buffer.alloc(44 + dataBytes);
  file.write("RIFF", 0, "latin1");
  file.writeUInt32LE(36 + dataBytes, 4);
  file.write("WAVEfmt ", 8, "latin1");
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(format === "float32" ? FLOAT : PCM, 20);
  file.writeUInt16LE(channels.length, 22);
  file.writeUInt32LE(sampleRate, 24);
  file.writeUInt32LE(sampleRate * blockBytes, 28);
  file.writeUInt16LE(blockBytes, 32);
  file.writeUInt16LE(width * 8, 34);
  file.write("data", 36, "latin1");
  file.writeUInt32LE(dataBytes, 40);
  channels.forEach((samples, channel) => {
    for (let i = 0; i < frames; i++) {
      const value = samples[i] ?? 0;
      const at = 44 + i * blockBytes + channel * width;
      if (format === "float32") file.writeFloatLE(value, at);
      else if (format === "pcm16") file.writeInt16LE(quantize(value, 32_768), at);
      else file.writeIntLE(quantize(value, FULL_SCALE_24), at, 3);
    }
  });
  return file;
}

function quantize(value: number, fullScale: number): number {
  return Math.max(-fullScale, Math.min(fullScale - 1, Math.round(value * fullScale)));
}

/** Writes a WAV file, replacing what is there. @throws the file system's error. */
export function writeWav(path: string, audio: Audio, format: WavFormat = "pcm16"): void {
  writeFileSync(path, encodeWav(audio, format));
}
