import { CaptureChain } from "../capture/capture-chain.ts";
import { CodecModule } from "../codec/codec-module.ts";
import type { EncoderTarget } from "../congestion/encoder-target.ts";
import type { LoadableSuppressor } from "../settings/capture-settings.ts";
import type { EncoderSettings } from "../settings/encoder-settings.ts";
import { openPacketWriter } from "../shared-memory/open-packet-pipe.ts";
import type { ClosablePacketWriter } from "../shared-memory/packet-pipe.ts";
import { TelemetryWriter } from "../shared-memory/telemetry-block.ts";
import type { CaptureNodeSettings, ToCaptureWorklet } from "./capture-messages.ts";
import { CaptureRun } from "./capture-run.ts";
import type { EncoderTargetMessage } from "./encoder-target-message.ts";
import { unreachable } from "./unreachable.ts";
import type { VoiceProbabilityMessage } from "./vad-messages.ts";
import { compiledModule } from "./wasm-source.ts";
import type { WorkletReply } from "./worklet-reply.ts";

type Message<Type extends ToCaptureWorklet["type"]> = Extract<ToCaptureWorklet, { readonly type: Type }>;

/** What a capture host needs of the worklet around it. */
export type CaptureHostOptions = {
  /** Hz. */
  readonly contextRate: number;
  readonly reply: (reply: WorkletReply) => void;
  /** A clock in ms for the cost of the stages; without it they are not timed. */
  readonly clock?: () => number;
};

/**
 * One capture node on the audio thread: takes the main thread's messages and, once started, the audio. capture.worklet is a
 * shell around one.
 */
export class CaptureHost {
  readonly #options: CaptureHostOptions;
  readonly #suppressors = new Map<LoadableSuppressor, WebAssembly.Module>();
  #codec: CodecModule | undefined;
  #run: CaptureRun | undefined;
  #settings: CaptureNodeSettings | undefined;
  #target: EncoderTarget | undefined;
  #frames: ClosablePacketWriter | undefined;
  #telemetry: TelemetryWriter | undefined;
  #targets: MessagePort | undefined;
  #probabilities: MessagePort | undefined;
  #isClosed = false;

  constructor(options: CaptureHostOptions) {
    this.#options = options;
  }

  /** Whether the node has ended and its processor may be collected. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Does what the main thread asks, and answers what wants an answer. */
  receive(message: ToCaptureWorklet): void {
    switch (message.type) {
      case "load-core":
        this.#answer(() => this.#loadCore(message));
        return;
      case "load-suppressor":
        this.#answer(() => this.#loadSuppressor(message));
        return;
      case "start":
        this.#answer(() => this.#start(message));
        return;
      case "configure":
        this.#configure(message.settings);
        return;
      case "mute":
        this.#run?.chain.setMuted(message.isMuted);
        return;
      case "talk-key":
        this.#run?.chain.setTalkKey(message.isDown);
        return;
      case "attach-vad":
        this.#attachVad(message);
        return;
      case "detach-vad":
        this.#detachVad();
        return;
      case "add-tap":
        this.#run?.addTap(message.tapId, message.point, openPacketWriter(message.blocks));
        return;
      case "remove-tap":
        this.#run?.removeTap(message.tapId);
        return;
      case "monitor":
        this.#run?.monitor.setOn(message.isOn);
        return;
      case "close":
        this.#close();
        return;
      default:
        unreachable(message);
    }
  }

  /** One render quantum: channels of the source, channels to fill, start in seconds. No allocation. */
  process(input: readonly Float32Array[], output: readonly Float32Array[], contextTime: number): void {
    this.#run?.process(input, output, contextTime);
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
    this.#codec = CodecModule.instantiate(compiledModule(core));
    this.#run?.chain.useCodec(this.#codec);
    this.#tellDred();
  }

  #loadSuppressor({ kind, module }: Message<"load-suppressor">): void {
    const compiled = compiledModule(module);
    this.#suppressors.set(kind, compiled);
    this.#run?.chain.provideSuppressor(kind, compiled);
  }

  #start(message: Message<"start">): void {
    const codec = this.#codec;
    if (codec === undefined || this.#run !== undefined) {
      throw new Error(codec === undefined ? "the codec is missing" : "it runs already");
    }
    const { settings, firstTimestamp, isMuted } = message;
    this.#settings = settings;
    this.#frames = openPacketWriter(message.frames);
    this.#telemetry = new TelemetryWriter(message.telemetry);
    this.#targets = message.targets;
    message.targets.onmessage = ({ data }: MessageEvent<EncoderTargetMessage>) => {
      this.#target = data.target;
      this.#applyEncoder();
    };
    this.#run = new CaptureRun({
      codec,
      contextRate: this.#options.contextRate,
      settings,
      firstTimestamp,
      frames: this.#frames,
      telemetry: this.#telemetry,
      makeChain: (onFrame) =>
        new CaptureChain({
          codec,
          rnnoise: this.#suppressors.get("rnnoise"),
          gtcrn: this.#suppressors.get("gtcrn"),
          settings: settings.capture,
          encoder: settings.encoder,
          clock: this.#options.clock,
          onFrame,
        }),
    });
    this.#run.chain.setMuted(isMuted);
    this.#tellDred();
  }

  #configure(settings: CaptureNodeSettings): void {
    const before = this.#settings;
    this.#settings = settings;
    const run = this.#run;
    if (run === undefined || before === undefined) return;
    if (!isSame(settings.capture, before.capture)) run.chain.configure(settings.capture);
    if (settings.channels !== before.channels) run.input.configure(settings.channels);
    if (!isSame(settings.encoder, before.encoder)) this.#applyEncoder();
  }

  /** The user's encoder settings with what the network asks for on top. */
  #applyEncoder(): void {
    const encoder = this.#encoderInForce();
    if (encoder === undefined) return;
    this.#run?.configureEncoder(encoder);
    this.#tellDred();
  }

  #encoderInForce(): EncoderSettings | undefined {
    return this.#settings === undefined ? undefined : { ...this.#settings.encoder, ...this.#target };
  }

  #tellDred(): void {
    const isNeural = this.#codec?.hasNeural === true;
    this.#run?.setDredDuration(isNeural ? (this.#encoderInForce()?.dredDuration ?? 0) : 0);
  }

  #attachVad({ blocks, probabilities }: Message<"attach-vad">): void {
    this.#detachVad();
    const run = this.#run;
    if (run === undefined) return;
    run.attachVad(openPacketWriter(blocks));
    this.#probabilities = probabilities;
    probabilities.onmessage = ({ data }: MessageEvent<VoiceProbabilityMessage>) =>
      run.chain.setVoiceProbability(data.probability);
  }

  #detachVad(): void {
    this.#probabilities?.close();
    this.#probabilities = undefined;
    this.#run?.detachVad();
    this.#run?.chain.setVoiceProbability(-1);
  }

  #close(): void {
    this.#detachVad();
    this.#isClosed = true;
    this.#targets?.close();
    this.#run?.close();
    this.#run = undefined;
    this.#frames?.close();
    this.#telemetry?.close();
  }
}

/** Settings come as copies over the port: equal ones are told by their content. */
function isSame(some: object, others: object): boolean {
  return JSON.stringify(some) === JSON.stringify(others);
}
