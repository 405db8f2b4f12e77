import { expect } from "chai";
import { defaultAssets } from "../../src/engine/default-assets.ts";
import { createSpeechLikeSignal } from "../../src/engine/measurement/speech-like-signal.ts";
import { openPacketWriter } from "../../src/engine/shared-memory/open-packet-pipe.ts";
import type { PacketPipeEnd } from "../../src/engine/shared-memory/packet-pipe.ts";
import { AudioBlockWriter } from "../../src/engine/threading/audio-block-writer.ts";
import type { VoiceProbabilityMessage } from "../../src/engine/threading/vad-messages.ts";
import { VadThread } from "../../src/engine/threading/vad-thread.ts";

const { vadWorker, silero, onnxScript, onnxWasm } = defaultAssets;

/** Longest wait for verdicts on half a second of audio, ms: real ones take a hundredth. */
const VERDICT_MS = 10_000;

/** Stands where a capture node stands: writes audio, collects verdicts. */
class Source {
  readonly probabilities: number[] = [];
  #writer: AudioBlockWriter | undefined;
  #position = 0;

  attachVad(blocks: PacketPipeEnd, probabilities: MessagePort): void {
    this.#writer = new AudioBlockWriter(openPacketWriter(blocks));
    probabilities.onmessage = ({ data }: MessageEvent<VoiceProbabilityMessage>) => {
      this.probabilities.push(data.probability);
    };
  }

  detachVad(): void {
    this.#writer?.close();
    this.#writer = undefined;
  }

  /** Writes `samples` in blocks of 10 ms, as fast as verdicts for a second of audio come back. */
  async play(samples: Float32Array): Promise<number[]> {
    const first = this.probabilities.length;
    for (let at = 0; at + 480 <= samples.length; at += 480) {
      this.#writer?.write(samples, samples, at, 480, this.#position);
      this.#position += 480;
      if (at % 24_000 === 0) await this.#until(first + Math.floor((at + 480) / 1_536));
    }
    await this.#until(first + Math.floor(samples.length / 1_536) - 1);
    return this.probabilities.slice(first);
  }

  async #until(count: number): Promise<void> {
    const end = performance.now() + VERDICT_MS;
    while (this.probabilities.length < count) {
      if (performance.now() > end) throw new Error(`${this.probabilities.length} of ${count} verdicts have come`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("the accurate voice detector", () => {
  for (const shared of [true, false]) {
    it(`loads from local files with progress and hears a voice, over ${shared ? "shared memory" : "ports"}`, async function () {
      this.timeout(45_000);
      const progress: (readonly [number, number])[] = [];
      const thread = await VadThread.start({
        workerUrl: vadWorker,
        modelUrl: silero,
        scriptUrl: onnxScript,
        wasmUrl: onnxWasm,
        shared,
        onProgress: (loaded, total) => progress.push([loaded, total]),
      });
      try {
        expect(progress.length).to.be.greaterThan(3);
        const [loaded, total] = progress.at(-1) ?? [0, 1];
        expect(loaded).to.equal(total);
        expect(loaded).to.be.greaterThan(10_000_000);
        const source = new Source();
        thread.attach(source);
        const voice = createSpeechLikeSignal({ sampleRate: 48_000, seconds: 4, seed: 3, pauseShare: 0 });
        expect(mean(await source.play(voice))).to.be.greaterThan(0.5);
        expect(mean((await source.play(new Float32Array(96_000))).slice(10))).to.be.lessThan(0.2);
        thread.detach(source);
      } finally {
        thread.close();
      }
    });
  }

  it("says why it cannot start when a file is missing", async function () {
    this.timeout(30_000);
    let reason: unknown;
    try {
      await VadThread.start({
        workerUrl: vadWorker,
        modelUrl: "/no-such-model.onnx",
        scriptUrl: onnxScript,
        wasmUrl: onnxWasm,
        shared: true,
      });
    } catch (error) {
      reason = error;
    }
    expect(reason).to.have.property("code", "worklet-failed");
    expect(String(reason)).to.contain("Cannot start the accurate voice detector");
  });
});
