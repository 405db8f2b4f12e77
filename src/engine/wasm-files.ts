import { loadCoreModule } from "./codec/load-core.ts";
import type { EngineAssets } from "./engine-options.ts";
import type { LoadableSuppressor } from "./settings/capture-settings.ts";
import type { WasmFile } from "./threading/worklet-port.ts";
import { toVoiceError } from "./voice-error.ts";

/** The engine's WebAssembly modules: each is fetched and compiled at most once, when it is first needed. */
export class WasmFiles {
  readonly #assets: EngineAssets;
  readonly #files = new Map<string, Promise<WasmFile>>();

  constructor(assets: EngineAssets) {
    this.#assets = assets;
  }

  /** The codec. Rejects with VoiceError `wasm-failed`. */
  core(): Promise<WasmFile> {
    return this.#load(this.#assets.core, "the codec");
  }

  /** The codec with deep concealment and DRED, about ten times as large. Rejects with VoiceError `wasm-failed`. */
  neural(): Promise<WasmFile> {
    return this.#load(this.#assets.neural, "the neural codec");
  }

  /** A noise suppressor. Rejects with VoiceError `wasm-failed`. */
  suppressor(kind: LoadableSuppressor): Promise<WasmFile> {
    return this.#load(this.#assets[kind], "the noise suppressor");
  }

  #load(url: string, name: string): Promise<WasmFile> {
    const known = this.#files.get(url);
    if (known !== undefined) {
      return known;
    }
    const file = fetchFile(url).catch((error: unknown) => {
      // A failed download may succeed later: do not remember it.
      this.#files.delete(url);
      throw toVoiceError(error, "wasm-failed", `Cannot load ${name}`);
    });
    this.#files.set(url, file);
    return file;
  }
}

async function fetchFile(url: string): Promise<WasmFile> {
  const module = await loadCoreModule(url);
  return { module, bytes: () => fetch(url).then((response) => response.arrayBuffer()) };
}
