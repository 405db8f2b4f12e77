import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { MemoryRecordingFile, type RecordingFile } from "../../../src/engine/recording/recording-file.ts";
import { RecordingHost } from "../../../src/engine/recording/recording-host.ts";
import type { FromRecordingWorker, NoteTakeSettings } from "../../../src/engine/recording/recording-messages.ts";
import { VoiceError } from "../../../src/engine/voice-error.ts";
import { coreModule } from "../../support/core-module.ts";

type Message<Type extends FromRecordingWorker["type"]> = Extract<FromRecordingWorker, { readonly type: Type }>;

let rnnoise: WebAssembly.Module | undefined;

/** RNNoise as the engine loads it. */
export function rnnoiseModule(): WebAssembly.Module {
  const path = createRequire(import.meta.url).resolve("@sapphi-red/web-noise-suppressor/rnnoise_simd.wasm");
  rnnoise ??= new WebAssembly.Module(readFileSync(path));
  return rnnoise;
}

/** A recording host with files in memory, on a disk of `capacity` bytes, and what it has said. */
export class RecordingDesk {
  readonly files = new Map<string, MemoryRecordingFile>();
  /** Names of the files that were released. */
  readonly closed = new Set<string>();
  readonly messages: FromRecordingWorker[] = [];
  readonly #host: RecordingHost;
  #capacity: number;

  constructor(capacity = Number.POSITIVE_INFINITY) {
    this.#capacity = capacity;
    this.#host = new RecordingHost({
      openFile: (name) => this.#open(name),
      post: (message) => void this.messages.push(message),
    });
  }

  async start(options: { readonly withRnnoise: boolean } = { withRnnoise: false }): Promise<this> {
    const module = options.withRnnoise ? rnnoiseModule() : undefined;
    await this.#host.receive({ type: "start", core: coreModule(), rnnoise: module, gtcrn: undefined });
    return this;
  }

  /** Uses up the disk. */
  fill(): void {
    this.#capacity = 0;
  }

  get receive(): RecordingHost["receive"] {
    return (message) => this.#host.receive(message);
  }

  /** Opens note 1 and speaks `samples` into it in blocks of 10 ms, `from` being the position of the first. */
  async speak(
    samples: Float32Array,
    options: { readonly from?: number; readonly takeId?: number } = {},
  ): Promise<void> {
    const { from = 0, takeId = 1 } = options;
    for (let at = 0; at < samples.length; at += 480) {
      const left = samples.slice(at, at + 480);
      await this.receive({ type: "blocks", takeId, trackId: 0, position: from + at, left, right: undefined });
    }
  }

  openNote(settings: Partial<NoteTakeSettings> = {}): Promise<void> {
    return this.receive({
      type: "open-note",
      takeId: 1,
      settings: {
        track: { file: "note.opus", format: "opus", channels: 1 },
        processing: undefined,
        trigger: undefined,
        maxSamples: 48_000 * 900,
        ...settings,
      },
    });
  }

  said<Type extends FromRecordingWorker["type"]>(type: Type): readonly Message<Type>[] {
    return this.messages.filter((message): message is Message<Type> => message.type === type);
  }

  #open(name: string): Promise<RecordingFile> {
    if (this.#capacity === 0) return Promise.reject(new VoiceError("storage-full", "Cannot record: the disk is full"));
    const file = new MemoryRecordingFile();
    this.files.set(name, file);
    file.close = () => void this.closed.add(name);
    const write = file.write.bind(file);
    file.write = (bytes, position) => {
      const grown = Math.max(0, position + bytes.length - file.size);
      if (grown > this.#capacity) throw new VoiceError("storage-full", "Cannot record: the disk is full");
      this.#capacity -= grown;
      write(bytes, position);
    };
    return Promise.resolve(file);
  }
}
