import { CodecModule } from "../src/engine/codec/codec-module.ts";
import { OpusDecoder } from "../src/engine/codec/opus-decoder.ts";
import { OpusEncoder } from "../src/engine/codec/opus-encoder.ts";
import { coreModule, neuralModule } from "../test/support/core-module.ts";
import { CODEC_FRAME, type CodecSetting, type CodecSubject, LOSS_PERIOD } from "./codec-subject.ts";
import { CallTimer, type CallTimes } from "./codec-timing.ts";

function openEncoder(codec: CodecModule, { complexity, fec, bitrate }: CodecSetting): OpusEncoder {
  const encoder = new OpusEncoder(codec, { channels: 1, application: "voip" });
  encoder.configure({ complexity, fec, bitrate, expectedLossPercent: fec ? 10 : 0 });
  return encoder;
}

/** Encodes everything; the packets, and what each call took. */
export function encodeAll(pcm: Float32Array, setting: CodecSetting): { times: CallTimes; packets: Uint8Array[] } {
  const encoder = openEncoder(CodecModule.instantiate(coreModule()), setting);
  const timer = new CallTimer();
  const packets: Uint8Array[] = [];
  for (let at = 0; at + CODEC_FRAME <= pcm.length; at += CODEC_FRAME) {
    // Copying the samples in and the packet out is part of the work, as it is for the npm packages.
    const packet = timer.time(() => {
      encoder.input.set(pcm.subarray(at, at + CODEC_FRAME));
      return encoder.output.slice(0, encoder.encode(CODEC_FRAME));
    });
    packets.push(packet);
  }
  return { times: timer.times, packets };
}

/** The engine's codec through its own wrappers. */
export const antiphonCodec: CodecSubject = {
  name: "antiphon",
  encode: async (pcm, setting) => encodeAll(pcm, setting).times,
  decode: async (packets) => {
    const decoder = new OpusDecoder(CodecModule.instantiate(coreModule()), { channels: 1 });
    const timer = new CallTimer();
    // The engine copies what it decodes into a buffer it has, as here.
    const heard = new Float32Array(CODEC_FRAME);
    for (const packet of packets) {
      timer.time(() => heard.set(decoder.output.subarray(0, decoder.decode(packet, 0, packet.length))));
    }
    return timer.times;
  },
  conceal: async (packets) => concealAll(coreModule(), packets, 0),
};

/** Decodes with every fifth frame lost and times the lost ones. Complexity 5 and above conceals by network in the neural module. */
function concealAll(module: WebAssembly.Module, packets: readonly Uint8Array[], complexity: number): CallTimes {
  const decoder = new OpusDecoder(CodecModule.instantiate(module), { channels: 1 });
  decoder.setComplexity(complexity);
  const timer = new CallTimer();
  for (const [index, packet] of packets.entries()) {
    if (index % LOSS_PERIOD === LOSS_PERIOD - 1) timer.time(() => decoder.conceal(CODEC_FRAME));
    else decoder.decode(packet, 0, packet.length);
  }
  return timer.times;
}

/** What the neural module adds, frame by frame of 20 ms; DRED of 100 units at 48 kb/s with 20 % expected loss. */
export function timeNeural(pcm: Float32Array): {
  encode: CallTimes;
  parse: CallTimes;
  decodeRedundancy: CallTimes;
  concealDeep: CallTimes;
  concealClassic: CallTimes;
} {
  const codec = CodecModule.instantiate(neuralModule());
  const encoder = new OpusEncoder(codec, { channels: 1, application: "voip" });
  encoder.configure({ complexity: 9, bitrate: 48_000, expectedLossPercent: 20, dredDuration: 100 });
  const [encodes, parses, decodes] = [new CallTimer(), new CallTimer(), new CallTimer()];
  const decoder = new OpusDecoder(codec, { channels: 1 });
  decoder.setComplexity(5);
  const packets: Uint8Array[] = [];
  for (let at = 0; at + CODEC_FRAME <= pcm.length; at += CODEC_FRAME) {
    encoder.input.set(pcm.subarray(at, at + CODEC_FRAME));
    const bytes = encodes.time(() => encoder.encode(CODEC_FRAME));
    packets.push(encoder.output.slice(0, bytes));
  }
  for (const [index, packet] of packets.entries()) {
    const reach = parses.time(() => decoder.parseDred(packet, 0, packet.length, 48_000));
    if (index % LOSS_PERIOD === LOSS_PERIOD - 1 && reach >= CODEC_FRAME) {
      decodes.time(() => decoder.decodeDred(CODEC_FRAME, CODEC_FRAME));
    }
    decoder.decode(packet, 0, packet.length);
  }
  return {
    encode: encodes.times,
    parse: parses.times,
    decodeRedundancy: decodes.times,
    concealDeep: concealAll(neuralModule(), packets, 5),
    concealClassic: concealAll(neuralModule(), packets, 0),
  };
}
