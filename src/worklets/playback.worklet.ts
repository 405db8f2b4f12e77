import { PlaybackHost } from "../engine/threading/playback-host.ts";
import { PLAYBACK_PROCESSOR, type ToPlaybackWorklet } from "../engine/threading/playback-messages.ts";
import type { WorkletReply } from "../engine/threading/worklet-reply.ts";

/** The playback worklet: decodes and mixes all remote streams. Everything it does is in PlaybackHost; this shell gives it the output. */
class PlaybackProcessor extends AudioWorkletProcessor {
  readonly #host: PlaybackHost;

  constructor() {
    super();
    const reply = (message: WorkletReply): void => this.port.postMessage(message);
    this.#host = new PlaybackHost({ contextRate: sampleRate, reply });
    this.port.onmessage = ({ data }: MessageEvent<ToPlaybackWorklet>) => this.#host.receive(data);
    // A compiled module that this browser does not let through: the main thread sends its bytes instead.
    this.port.onmessageerror = () => reply({ type: "unreadable" });
  }

  process(_inputs: readonly (readonly Float32Array[])[], outputs: readonly (readonly Float32Array[])[]): boolean {
    const output = outputs[0];
    if (output !== undefined) this.#host.process(output, currentTime);
    return !this.#host.isClosed;
  }
}

registerProcessor(PLAYBACK_PROCESSOR, PlaybackProcessor);
