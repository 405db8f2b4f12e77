/**
 * A WebAssembly module on its way to an audio worklet: compiled, or its bytes where the browser does not let compiled
 * modules through to the worklet.
 */
export type WasmSource = WebAssembly.Module | ArrayBuffer;

/** The module of `source`, compiled here and now when only its bytes came. Throws WebAssembly.CompileError for bad bytes. */
export function compiledModule(source: WasmSource): WebAssembly.Module {
  return source instanceof ArrayBuffer ? new WebAssembly.Module(source) : source;
}
