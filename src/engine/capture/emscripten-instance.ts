/** Names under which one emscripten build imports and exports what every build has. */
export type EmscriptenNames = {
  /** Import: asks for more memory. */
  readonly resize: string;
  /** Import: a failed assertion. */
  readonly assert: string;
  /** Import: bulk copy, in older builds. */
  readonly copy?: string;
  /** Export: the linear memory. */
  readonly memory: string;
  /** Export: static constructors. */
  readonly start: string;
};

/** Linear memory, as far as it is used here. */
type LinearMemory = { readonly buffer: ArrayBuffer; grow(pages: number): number };

/** An instance and its memory. */
export type EmscriptenExports = {
  readonly instance: WebAssembly.Instance;
  readonly memory: LinearMemory;
};

const PAGE = 65_536;

/**
 * Instantiates an emscripten module without its JavaScript glue, so that it also works where there is no `fetch` or
 * `TextDecoder`: AudioWorkletGlobalScope. Synchronous. Memory may grow while objects are created: make views afterwards.
 *
 * @throws Error when the module misses an expected export; WebAssembly.LinkError when it wants other imports.
 */
export function instantiateEmscripten(
  module: WebAssembly.Module,
  namespace: string,
  names: EmscriptenNames,
): EmscriptenExports {
  let memory: LinearMemory | undefined;
  let bytes = new Uint8Array(0);
  const imports: Record<string, (...values: number[]) => number> = {
    [names.resize]: (wanted = 0) => {
      if (memory === undefined) return 0;
      memory.grow(Math.ceil((wanted - memory.buffer.byteLength) / PAGE));
      return 1;
    },
    [names.assert]: () => {
      throw new Error("The noise suppressor failed one of its own assertions");
    },
  };
  if (names.copy !== undefined) {
    imports[names.copy] = (to = 0, from = 0, length = 0) => {
      if (memory === undefined) return to;
      // Growing exchanges the buffer. It is called every frame: a view per call would be garbage on the audio thread.
      if (bytes.buffer !== memory.buffer) bytes = new Uint8Array(memory.buffer);
      bytes.copyWithin(to, from, from + length);
      return to;
    };
  }
  const instance = new WebAssembly.Instance(module, { [namespace]: imports });
  const exported = instance.exports[names.memory];
  if (typeof exported !== "object" || exported === null || !("grow" in exported)) {
    throw new Error(`Cannot start the noise suppressor: its module has no memory called "${names.memory}"`);
  }
  memory = exported as LinearMemory;
  const exports = { instance, memory };
  exportedFunction(exports, names.start)();
  return exports;
}

/** The exported function called `name`. @throws Error when there is none. */
export function exportedFunction({ instance }: EmscriptenExports, name: string): (...values: number[]) => number {
  const exported = instance.exports[name];
  if (typeof exported !== "function") {
    throw new Error(`Cannot start the noise suppressor: its module exports no function "${name}"`);
  }
  return exported as (...values: number[]) => number;
}
