import { type EmscriptenExports, exportedFunction, instantiateEmscripten } from "./emscripten-instance.ts";
import { PauseAttenuator } from "./pause-attenuator.ts";
import { SteadyNoise } from "./steady-noise.ts";
import type { Suppressor } from "./suppressor.ts";

const FRAME = 480;
/** RNNoise works on samples scaled like 16-bit PCM. */
const SCALE = 32_768;

/**
 * RNNoise in its own WebAssembly instance (Valin 2018; `dist/rnnoise_simd.wasm` of @sapphi-red/web-noise-suppressor 0.4.1,
 * which keeps the C export names), followed by a {@link PauseAttenuator}. Costs and quality stand in docs/capture.md.
 */
export class RnnoiseSuppressor implements Suppressor {
  readonly frameSamples = FRAME;
  /** Half the analysis window of 20 ms; measured by impulse. */
  readonly delaySamples = FRAME;
  readonly limitsReduction = false;
  /** See {@link Suppressor.voiceProbability}. */
  voiceProbability = -1;
  readonly #exports: EmscriptenExports;
  readonly #create: (model: number) => number;
  readonly #destroy: (state: number) => void;
  readonly #processFrame: (state: number, output: number, input: number) => number;
  readonly #buffer: number;
  readonly #heap: Float32Array;
  readonly #pauses = new PauseAttenuator();
  readonly #steady = new SteadyNoise();
  #state: number;

  /** @throws Error when `module` is not an RNNoise build with plain export names. */
  constructor(module: WebAssembly.Module) {
    this.#exports = instantiateEmscripten(module, "env", {
      resize: "emscripten_resize_heap",
      assert: "__assert_fail",
      copy: "emscripten_memcpy_big",
      memory: "memory",
      start: "__wasm_call_ctors",
    });
    this.#create = exportedFunction(this.#exports, "rnnoise_create");
    this.#destroy = exportedFunction(this.#exports, "rnnoise_destroy");
    this.#processFrame = exportedFunction(this.#exports, "rnnoise_process_frame");
    const allocate = exportedFunction(this.#exports, "malloc");
    this.#buffer = allocate(FRAME * Float32Array.BYTES_PER_ELEMENT);
    this.#state = this.#create(0);
    this.#heap = new Float32Array(this.#exports.memory.buffer, this.#buffer, FRAME);
  }

  /** See {@link Suppressor.process}. */
  process(input: Float32Array, output: Float32Array): void {
    const heap = this.#heap;
    for (let i = 0; i < FRAME; i++) heap[i] = (input[i] as number) * SCALE;
    this.#steady.update(input);
    const heard = this.#processFrame(this.#state, this.#buffer, this.#buffer);
    // The model takes steady pink noise for voice (probability 1, for good) and then hardly suppresses it.
    this.voiceProbability = this.#steady.isSteady ? 0 : heard;
    for (let i = 0; i < FRAME; i++) output[i] = (heap[i] as number) * (1 / SCALE);
    this.#pauses.process(input, output, this);
  }

  /** See {@link Suppressor.setMaxReduction}. The model has no such limit. */
  setMaxReduction(): void {
    // The caller limits: see limitsReduction.
  }

  /** See {@link Suppressor.reset}. */
  reset(): void {
    this.#destroy(this.#state);
    this.#state = this.#create(0);
    this.#pauses.reset();
    this.#steady.reset();
  }

  /** See {@link Suppressor.close}. */
  close(): void {
    if (this.#state !== 0) this.#destroy(this.#state);
    this.#state = 0;
  }
}
