import { type ContextRequest, resumeContext } from "./audio-context.ts";
import { CaptureGraph, type CaptureGraphOptions } from "./capture-graph.ts";
import type { SendStreamStatistics } from "./engine-statistics.ts";
import { LocalStream, type LocalStreamKind } from "./local-stream.ts";
import type { CaptureNodeSettings } from "./threading/capture-messages.ts";
import type { NetworkThread } from "./threading/network-thread.ts";
import type { WasmFile } from "./threading/worklet-port.ts";
import { VoiceError } from "./voice-error.ts";

/** What the local streams share. */
export type LocalStreamsOptions = {
  readonly graph: Omit<CaptureGraphOptions, "request">;
  readonly network: NetworkThread;
  /** A stream came or went. */
  readonly onChange: () => void;
};

/** How to make one local stream. */
export type NewLocalStream = {
  readonly label: string;
  readonly kind: LocalStreamKind;
  readonly settings: CaptureNodeSettings;
  readonly isMuted: boolean;
};

/** All streams this engine sends, and the capture context they run in, which exists while there are any. */
export class LocalStreams {
  readonly #options: LocalStreamsOptions;
  readonly #streams = new Set<LocalStream>();
  #graph: CaptureGraph | undefined;
  #request: ContextRequest;
  #neural: WasmFile | undefined;
  #starting = 0;
  #isClosed = false;
  #changing: Promise<unknown> = Promise.resolve();

  constructor(options: LocalStreamsOptions, request: ContextRequest) {
    this.#options = options;
    this.#request = request;
  }

  /** The streams, oldest first. */
  get all(): readonly LocalStream[] {
    return [...this.#streams];
  }

  /** The context of the sources; undefined while there are none. */
  get context(): AudioContext | undefined {
    return this.#graph?.context;
  }

  /** A new running stream without a track. Rejects with VoiceError `worklet-failed` or `wasm-failed`. */
  create(stream: NewLocalStream): Promise<LocalStream> {
    return this.#afterOthers(() => this.#create(stream));
  }

  async #create(stream: NewLocalStream): Promise<LocalStream> {
    if (this.#isClosed) throw new VoiceError("closed", "Cannot send: the engine is closed");
    const { network } = this.#options;
    this.#graph ??= new CaptureGraph({ ...this.#options.graph, request: this.#request });
    const { files } = this.#options.graph;
    const ssrc = randomSsrc();
    this.#starting += 1;
    try {
      const created = await LocalStream.create({ ...stream, graph: this.#graph, files, network, ssrc });
      this.#streams.add(created);
      created.addEventListener("closed", () => this.#remove(created), { once: true });
      if (this.#neural !== undefined) {
        await created.useNeural(this.#neural);
      }
      this.#options.onChange();
      return created;
    } finally {
      this.#starting -= 1;
      this.#releaseWhenIdle();
    }
  }

  /** Runs everything in another context. Streams keep their identity; a gap of a few frames is heard. */
  reopen(request: ContextRequest): Promise<void> {
    return this.#afterOthers(() => this.#reopen(request));
  }

  async #reopen(request: ContextRequest): Promise<void> {
    const old = this.#graph;
    if (old === undefined) {
      this.#request = request;
      return;
    }
    const graph = new CaptureGraph({ ...this.#options.graph, request });
    this.#request = request;
    this.#graph = graph;
    try {
      for (const stream of this.#streams) {
        await stream.moveTo(graph);
      }
    } finally {
      await old.close();
    }
  }

  /** Gives every stream, present and future, the neural codec. */
  async useNeural(file: WasmFile): Promise<void> {
    this.#neural = file;
    await Promise.all(this.all.map((stream) => stream.useNeural(file)));
  }

  stats(): readonly SendStreamStatistics[] {
    return this.all.flatMap((stream) => stream.stats() ?? []);
  }

  /** Starts the context after a user gesture. */
  async resume(): Promise<void> {
    if (this.#graph !== undefined) {
      await resumeContext(this.#graph.context);
    }
  }

  /** Ends all streams and the context. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const stream of this.all) {
      stream.close();
    }
    await this.#graph?.close();
    this.#graph = undefined;
  }

  /** A context must not change under a stream that is being made in it. */
  #afterOthers<Result>(change: () => Promise<Result>): Promise<Result> {
    const result = this.#changing.then(change);
    this.#changing = result.catch(() => undefined);
    return result;
  }

  #remove(stream: LocalStream): void {
    this.#streams.delete(stream);
    this.#options.onChange();
    this.#releaseWhenIdle();
  }

  #releaseWhenIdle(): void {
    if (this.#streams.size === 0 && this.#starting === 0) {
      void this.#graph?.close();
      this.#graph = undefined;
    }
  }
}

/** A synchronisation source, 1…2^32 − 1. */
function randomSsrc(): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) || 1;
}
