import { createRequire } from "node:module";
import { Application, createDecoder, createEncoder } from "libopus-wasm";
import { CODEC_FRAME, type CodecSetting, type CodecSubject, LOSS_PERIOD } from "./codec-subject.ts";
import { CallTimer } from "./codec-timing.ts";

const require = createRequire(import.meta.url);

const SET_BITRATE = 4002;
const SET_COMPLEXITY = 4010;
const SET_INBAND_FEC = 4012;
const SET_PACKET_LOSS_PERC = 4014;

/** The frames of a signal, each an array of its own. */
function* framesOf(pcm: Float32Array): Generator<Float32Array> {
  for (let at = 0; at + CODEC_FRAME <= pcm.length; at += CODEC_FRAME) yield pcm.slice(at, at + CODEC_FRAME);
}

const toInt16 = (frame: Float32Array): Int16Array => Int16Array.from(frame, (sample) => Math.round(sample * 32_767));

const libopusWasm: CodecSubject = {
  name: "libopus-wasm",
  encode: async (pcm, { complexity, fec, bitrate }) => {
    const encoder = await createEncoder({
      channels: 1,
      sampleRate: 48_000,
      frameSize: CODEC_FRAME,
      application: Application.Voip,
      bitrate,
      complexity,
      fec,
      packetLossPercent: fec ? 10 : 0,
    });
    const timer = new CallTimer();
    for (const frame of framesOf(pcm)) timer.time(() => encoder.encodeFloat(frame));
    encoder.free();
    return timer.times;
  },
  decode: async (packets) => {
    const decoder = await createDecoder({ channels: 1, sampleRate: 48_000 });
    const timer = new CallTimer();
    for (const packet of packets) timer.time(() => decoder.decodeFloat(packet));
    decoder.free();
    return timer.times;
  },
  conceal: async (packets) => {
    const decoder = await createDecoder({ channels: 1, sampleRate: 48_000 });
    const timer = new CallTimer();
    for (const [index, packet] of packets.entries()) {
      if (index % LOSS_PERIOD === LOSS_PERIOD - 1) timer.time(() => decoder.decodePacketLossFloat(CODEC_FRAME));
      else decoder.decodeFloat(packet);
    }
    decoder.free();
    return timer.times;
  },
};

/** What is used of @evan/opus, whose declarations name only the package and not its WebAssembly entry. */
type EvanOpus = {
  readonly Encoder: new (
    options: object,
  ) => { encode(pcm: Int16Array): Uint8Array; ctl(request: number, value: number): number };
  readonly Decoder: new (options: object) => { decode(packet: Uint8Array): Uint8Array };
};

/** The WebAssembly build that a browser gets; in Node the package prefers a native one, which runs on no page. */
const evanOpus = async (): Promise<EvanOpus> => (await import(`@evan/opus/wasm/index.mjs${""}`)) as EvanOpus;

const evan: CodecSubject = {
  name: "@evan/opus",
  encode: async (pcm, { complexity, fec, bitrate }) => {
    const { Encoder } = await evanOpus();
    const encoder = new Encoder({ channels: 1, sample_rate: 48_000, application: "voip" });
    encoder.ctl(SET_BITRATE, bitrate);
    encoder.ctl(SET_COMPLEXITY, complexity);
    encoder.ctl(SET_INBAND_FEC, fec ? 1 : 0);
    encoder.ctl(SET_PACKET_LOSS_PERC, fec ? 10 : 0);
    const timer = new CallTimer();
    for (const frame of framesOf(pcm)) {
      const samples = toInt16(frame);
      timer.time(() => encoder.encode(samples));
    }
    return timer.times;
  },
  decode: async (packets) => {
    const { Decoder } = await evanOpus();
    const decoder = new Decoder({ channels: 1, sample_rate: 48_000 });
    const timer = new CallTimer();
    for (const packet of packets) timer.time(() => decoder.decode(packet));
    return timer.times;
  },
  conceal: undefined,
};

/** What is used of opusscript. */
type OpusScript = {
  encode(pcm: Buffer, frameSize: number): Buffer;
  decode(packet: Buffer): Buffer;
  encoderCTL(request: number, value: number): void;
  delete(): void;
};
type OpusScriptClass = new (rate: number, channels: number, application: number, options: object) => OpusScript;

const openOpusScript = (): OpusScript => {
  const Script = require("opusscript") as OpusScriptClass;
  return new Script(48_000, 1, Application.Voip, { wasm: true });
};

const opusscript: CodecSubject = {
  name: "opusscript",
  encode: async (pcm, { complexity, fec, bitrate }: CodecSetting) => {
    const codec = openOpusScript();
    codec.encoderCTL(SET_BITRATE, bitrate);
    codec.encoderCTL(SET_COMPLEXITY, complexity);
    codec.encoderCTL(SET_INBAND_FEC, fec ? 1 : 0);
    codec.encoderCTL(SET_PACKET_LOSS_PERC, fec ? 10 : 0);
    const timer = new CallTimer();
    for (const frame of framesOf(pcm)) {
      const samples = Buffer.from(toInt16(frame).buffer);
      timer.time(() => codec.encode(samples, CODEC_FRAME));
    }
    codec.delete();
    return timer.times;
  },
  decode: async (packets) => {
    const codec = openOpusScript();
    const timer = new CallTimer();
    for (const packet of packets) {
      const bytes = Buffer.from(packet);
      timer.time(() => codec.decode(bytes));
    }
    codec.delete();
    return timer.times;
  },
  conceal: undefined,
};

/** Opus codecs from npm that run in browsers. */
export const npmCodecs: readonly CodecSubject[] = [libopusWasm, evan, opusscript];
