import type { CodecModule } from "../../src/engine/codec/codec-module.ts";
import { OpusEncoder } from "../../src/engine/codec/opus-encoder.ts";
import type { OpusHead } from "../../src/engine/recording/opus-head.ts";

/** The mono packets that hold all of `samples` (48 kHz), in frames of `frame` samples, and the header that belongs to them. */
export function encodeFrames(
  codec: CodecModule,
  samples: Float32Array,
  { frame, bitrate }: { readonly frame: number; readonly bitrate: number },
): { readonly head: OpusHead; readonly packets: readonly Uint8Array<ArrayBuffer>[] } {
  const encoder = new OpusEncoder(codec, { channels: 1, application: "audio" });
  encoder.configure({ bitrate, complexity: 0 });
  const head = { channels: 1, preSkip: encoder.lookahead, inputRate: 48_000 } as const;
  const packets: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; at < samples.length + head.preSkip; at += frame) {
    encoder.input.fill(0);
    encoder.input.set(samples.subarray(at, at + frame));
    packets.push(encoder.output.slice(0, encoder.encode(frame)));
  }
  encoder.close();
  return { head, packets };
}
