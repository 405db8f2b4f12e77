import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as onnx from "onnxruntime-web/wasm";
import { beforeAll, describe, expect, it } from "vitest";
import { createSpeechLikeSignal } from "../../../src/engine/measurement/speech-like-signal.ts";
import { createPacketPipe } from "../../../src/engine/shared-memory/create-packet-pipe.ts";
import { openPacketReader, openPacketWriter } from "../../../src/engine/shared-memory/open-packet-pipe.ts";
import { AudioBlockWriter } from "../../../src/engine/threading/audio-block-writer.ts";
import { SileroModel } from "../../../src/engine/threading/vad-session.ts";
import { VadStream } from "../../../src/engine/threading/vad-stream.ts";

/** 32 ms at 48 kHz. */
const WINDOW = 1_536;

let model: SileroModel;
beforeAll(async () => {
  const path = createRequire(import.meta.url).resolve("@ricky0123/vad-web/dist/silero_vad_v5.onnx");
  onnx.env.wasm.numThreads = 1;
  model = await SileroModel.load(onnx, new Uint8Array(readFileSync(path)));
}, 60_000);

describe("a stream of the accurate detector", { timeout: 60_000 }, () => {
  for (const shared of [true, false]) {
    const way = shared ? "shared memory" : "a port";
    it(`judges every window of what was written before it listened, and while the model was at work, over ${way}`, async () => {
      const { writer, reader } = createPacketPipe({ shared, capacityBytes: 1 << 19 });
      const blocks = new AudioBlockWriter(openPacketWriter(writer));
      const voice = createSpeechLikeSignal({ sampleRate: 48_000, seconds: 2, seed: 3, pauseShare: 0 });
      const half = voice.length / 2;
      blocks.write(voice, voice, 0, half, 0);
      const verdicts: number[] = [];
      let finish: () => void = () => undefined;
      const isComplete = new Promise<void>((resolve) => {
        finish = resolve;
      });
      let isSecondHalfWritten = false;
      const stream = new VadStream(model, openPacketReader(reader), (probability) => {
        verdicts.push(probability);
        // In the middle of the model's work on the first half.
        if (!isSecondHalfWritten) {
          isSecondHalfWritten = true;
          blocks.write(voice, voice, half, half, half);
        }
        if (verdicts.length === Math.floor(voice.length / WINDOW)) finish();
      });
      await isComplete;
      stream.close();
      expect(verdicts.reduce((sum, verdict) => sum + verdict, 0) / verdicts.length).toBeGreaterThan(0.8);
    });
  }
});
