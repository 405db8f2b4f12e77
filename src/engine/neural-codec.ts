import { warmUpCodec } from "./codec/warm-up-codec.ts";
import type { LocalStreams } from "./local-streams.ts";
import type { Playback } from "./playback.ts";
import type { NetworkThread } from "./threading/network-thread.ts";
import type { WasmFiles } from "./wasm-files.ts";

/** How long a call runs before the neural codec is loaded by itself, ms: joining comes first. */
const LOAD_DELAY_MS = 5_000;

/** What the neural codec goes into. */
export type NeuralCodecOptions = {
  readonly files: WasmFiles;
  readonly network: NetworkThread;
  readonly streams: LocalStreams;
  /** Throws VoiceError `closed` afterwards. */
  readonly playback: () => Playback;
};

/** The neural codec: two megabytes that are loaded when a call is under way, and swapped in while audio runs. */
export class NeuralCodec {
  readonly #options: NeuralCodecOptions;
  #loading: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isInUse = false;

  constructor(options: NeuralCodecOptions) {
    this.#options = options;
  }

  /** Whether loss is concealed by the network and DRED can be sent and decoded. */
  get isInUse(): boolean {
    return this.#isInUse;
  }

  /** Loads it now. Resolves when it is in use. Rejects with VoiceError `wasm-failed`; everything then goes on without it. */
  load(): Promise<void> {
    this.#loading ??= this.#load().catch((error: unknown) => {
      // The next attempt may succeed.
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  /** Loads it in a few seconds, unless the user wants to save data. Failures are left to the next call. */
  loadSoon(): void {
    if (this.#timer !== undefined || isSavingData()) {
      return;
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      // The call is whole without it; `EngineStatistics.usesNeuralCodec` tells.
      this.load().catch(() => undefined);
    }, LOAD_DELAY_MS);
  }

  /** Gives up what has not begun. Idempotent. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #load(): Promise<void> {
    const { files, network, streams, playback } = this.#options;
    const file = await files.neural();
    await warmUp(file.module);
    await playback().useNeural(file);
    await streams.useNeural(file);
    network.post({ type: "set-neural", hasNeural: true });
    this.#isInUse = true;
  }
}

/** Step by step, so that the page stays quick. */
async function warmUp(module: WebAssembly.Module): Promise<void> {
  const steps = warmUpCodec(module);
  while (steps.next().done !== true) {
    await new Promise((resolve) => setTimeout(resolve));
  }
}

/** Network Information API, where there is one. */
function isSavingData(): boolean {
  const { connection } = navigator as { readonly connection?: { readonly saveData?: boolean } };
  return connection?.saveData === true;
}
