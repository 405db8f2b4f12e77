import { CaptureHost } from "../engine/threading/capture-host.ts";
import { CAPTURE_PROCESSOR, type ToCaptureWorklet } from "../engine/threading/capture-messages.ts";
import type { WorkletReply } from "../engine/threading/worklet-reply.ts";

/** The scope has no finer clock; 30 bits keep the number from being allocated. Right on average over many blocks. */
const clock = (): number => Date.now() & 0x3fff_ffff;

/** The capture worklet: one processor per sent stream. Everything it does is in CaptureHost; this shell gives it the audio. */
class CaptureProcessor extends AudioWorkletProcessor {
  readonly #host: CaptureHost;

  constructor() {
    super();
    const reply = (message: WorkletReply): void => this.port.postMessage(message);
    this.#host = new CaptureHost({ contextRate: sampleRate, reply, clock });
    this.port.onmessage = ({ data }: MessageEvent<ToCaptureWorklet>) => this.#host.receive(data);
    // A compiled module that this browser does not let through: the main thread sends its bytes instead.
    this.port.onmessageerror = () => reply({ type: "unreadable" });
  }

  process(inputs: readonly (readonly Float32Array[])[], outputs: readonly (readonly Float32Array[])[]): boolean {
    const input = inputs[0];
    const output = outputs[0];
    if (input !== undefined && output !== undefined) this.#host.process(input, output, currentTime);
    return !this.#host.isClosed;
  }
}

registerProcessor(CAPTURE_PROCESSOR, CaptureProcessor);
