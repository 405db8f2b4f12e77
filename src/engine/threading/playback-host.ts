import { CodecModule } from "../codec/codec-module.ts";
import { openPacketReader, openPacketWriter } from "../shared-memory/open-packet-pipe.ts";
import { TelemetryWriter } from "../shared-memory/telemetry-block.ts";
import type { ToPlaybackWorklet } from "./playback-messages.ts";
import { PlaybackRun } from "./playback-run.ts";
import { unreachable } from "./unreachable.ts";
import { compiledModule } from "./wasm-source.ts";
import type { WorkletReply } from "./worklet-reply.ts";

type Message<Type extends ToPlaybackWorklet["type"]> = Extract<ToPlaybackWorklet, { readonly type: Type }>;

/** What a playback host needs of the worklet around it. */
export type PlaybackHostOptions = {
  /** Hz. */
  readonly contextRate: number;
  readonly reply: (reply: WorkletReply) => void;
};

/**
 * The playback node on the audio thread: takes the main thread's messages and, once started, fills the output.
 * playback.worklet is a shell around one.
 */
export class PlaybackHost {
  readonly #options: PlaybackHostOptions;
  #codec: CodecModule | undefined;
  #run: PlaybackRun | undefined;
  #telemetry: TelemetryWriter | undefined;
  #isClosed = false;

  constructor(options: PlaybackHostOptions) {
    this.#options = options;
  }

  /** Whether the node has ended and its processor may be collected. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Does what the main thread asks, and answers what wants an answer. */
  receive(message: ToPlaybackWorklet): void {
    switch (message.type) {
      case "load-core":
        this.#answer(() => this.#loadCore(message));
        return;
      case "start":
        this.#answer(() => this.#start(message));
        return;
      case "add-stream":
        this.#run?.addStream({ ...message, datagrams: openPacketReader(message.datagrams) });
        return;
      case "remove-stream":
        this.#run?.removeStream(message.slot);
        return;
      case "configure-stream":
        this.#run?.configureStream(message.slot, message.mix);
        return;
      case "configure-output":
        this.#run?.configureOutput(message.output);
        return;
      case "configure-jitter-buffer":
        this.#run?.configureJitterBuffer(message.jitterBuffer);
        return;
      case "add-tap":
        this.#run?.addTap(message.tapId, message.slot, openPacketWriter(message.blocks));
        return;
      case "remove-tap":
        this.#run?.removeTap(message.tapId);
        return;
      case "close":
        this.#close();
        return;
      default:
        unreachable(message);
    }
  }

  /** One render quantum: channels to fill, start of the quantum in seconds. No allocation. */
  process(output: readonly Float32Array[], contextTime: number): void {
    this.#run?.process(output, contextTime);
  }

  /** Runs a request; what it throws becomes the answer. */
  #answer(request: () => void): void {
    try {
      request();
    } catch (error) {
      this.#options.reply({ type: "failed", message: error instanceof Error ? error.message : String(error) });
      return;
    }
    this.#options.reply({ type: "done" });
  }

  #loadCore({ core }: Message<"load-core">): void {
    const codec = CodecModule.instantiate(compiledModule(core));
    this.#run?.useCodec(codec);
    this.#codec = codec;
  }

  #start({ telemetry, jitterBuffer, output, firstPosition }: Message<"start">): void {
    if (this.#codec === undefined || this.#run !== undefined) {
      throw new Error(this.#codec === undefined ? "the codec is missing" : "it runs already");
    }
    this.#telemetry = new TelemetryWriter(telemetry);
    this.#run = new PlaybackRun({
      codec: this.#codec,
      contextRate: this.#options.contextRate,
      telemetry: this.#telemetry,
      jitterBuffer,
      output,
      firstPosition,
    });
  }

  #close(): void {
    this.#isClosed = true;
    this.#run?.close();
    this.#run = undefined;
    this.#telemetry?.close();
  }
}
