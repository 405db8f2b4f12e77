import { CodecError } from "./codec-error.ts";
import type { CoreExports, NeuralExports } from "./codec-exports.ts";

/** Names whose presence tells one of our modules from any other. */
const REQUIRED = ["memory", "_initialize", "encoder_create", "decoder_create", "resampler_create", "denoiser_create"];

/**
 * One instance of core.wasm or neural.wasm: the memory and functions that encoders, decoders, resamplers and
 * denoisers live in. Its heap has a fixed size, so views on it stay valid for the life of the instance. Instances
 * share nothing; each thread has its own. Any thread.
 */
export class CodecModule {
  /** The raw exports, for the wrappers in this folder. */
  readonly exports: CoreExports;
  /** The neural exports, or undefined on a core module. */
  readonly neural: NeuralExports | undefined;

  private constructor(exports: CoreExports, neural: NeuralExports | undefined) {
    this.exports = exports;
    this.neural = neural;
  }

  /**
   * Instantiates synchronously, in well under a millisecond: usable in AudioWorkletGlobalScope.
   *
   * @throws {CodecError} when the module is not one of ours
   */
  static instantiate(module: WebAssembly.Module): CodecModule {
    const { exports } = new WebAssembly.Instance(module, {});
    for (const name of REQUIRED) {
      if (!(name in exports)) throw new CodecError(`Cannot use a WebAssembly module without the export ${name}`, 0);
    }
    const core = exports as unknown as CoreExports;
    core._initialize();
    const neural = "decoder_parse_dred" in exports ? (exports as unknown as NeuralExports) : undefined;
    return new CodecModule(core, neural);
  }

  /** Whether this is neural.wasm: deep concealment and DRED. */
  get hasNeural(): boolean {
    return this.neural !== undefined;
  }

  /** Free bytes of the fixed heap, over all fragments. For tests and diagnosis. */
  get freeHeapBytes(): number {
    return this.exports.heap_free_bytes();
  }

  /** A view of `length` floats at an address that an export gave. */
  floats(address: number, length: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.exports.memory.buffer as ArrayBuffer, address, length);
  }

  /** A view of `length` bytes at an address that an export gave. */
  bytes(address: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.exports.memory.buffer as ArrayBuffer, address, length);
  }
}
