import { type EmscriptenExports, exportedFunction, instantiateEmscripten } from "./emscripten-instance.ts";
import type { Suppressor } from "./suppressor.ts";

/** One hop of GTCRN: 256 samples at 16 kHz. */
const FRAME = 768;

/**
 * GTCRN (Rong et al. 2024) in its own WebAssembly instance: `dist/gtcrn.wasm` of @sapphi-red/web-noise-suppressor 0.4.1.
 * The model hears and returns 0…8 kHz; the module resamples inside. Export names are those of exactly this build.
 */
export class GtcrnSuppressor implements Suppressor {
  readonly frameSamples = FRAME;
  /** Half the analysis window and both resampling filters; measured by cross-correlation. */
  readonly delaySamples = 890;
  readonly limitsReduction = false;
  /** GTCRN has no voice probability. */
  readonly voiceProbability = -1;
  readonly #exports: EmscriptenExports;
  readonly #create: () => number;
  readonly #destroy: (state: number) => void;
  readonly #process48k: (state: number, input: number, output: number) => number;
  readonly #input: number;
  readonly #output: number;
  readonly #inputHeap: Float32Array;
  readonly #outputHeap: Float32Array;
  #state: number;

  /** @throws Error when `module` is another build than the one named above. */
  constructor(module: WebAssembly.Module) {
    this.#exports = instantiateEmscripten(module, "a", { resize: "b", assert: "a", memory: "c", start: "d" });
    this.#create = exportedFunction(this.#exports, "e");
    this.#destroy = exportedFunction(this.#exports, "g");
    this.#process48k = exportedFunction(this.#exports, "j");
    const allocate = exportedFunction(this.#exports, "k");
    this.#state = this.#create();
    this.#input = allocate(FRAME * Float32Array.BYTES_PER_ELEMENT);
    this.#output = allocate(FRAME * Float32Array.BYTES_PER_ELEMENT);
    this.#inputHeap = new Float32Array(this.#exports.memory.buffer, this.#input, FRAME);
    this.#outputHeap = new Float32Array(this.#exports.memory.buffer, this.#output, FRAME);
  }

  /** See {@link Suppressor.process}. */
  process(input: Float32Array, output: Float32Array): void {
    this.#inputHeap.set(input);
    this.#process48k(this.#state, this.#input, this.#output);
    output.set(this.#outputHeap);
  }

  /** See {@link Suppressor.setMaxReduction}. The model has no such limit. */
  setMaxReduction(): void {
    // The caller limits: see limitsReduction.
  }

  /** See {@link Suppressor.reset}. */
  reset(): void {
    this.#destroy(this.#state);
    this.#state = this.#create();
  }

  /** See {@link Suppressor.close}. */
  close(): void {
    if (this.#state !== 0) this.#destroy(this.#state);
    this.#state = 0;
  }
}
