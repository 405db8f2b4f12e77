/**
 * The part of WebAssembly's JavaScript interface that synchronous codec code uses. The pure projects have no DOM
 * library to take it from; the others do and must not include this file.
 */
// biome-ignore lint/style/noNamespace: a global of the platform has no module form
declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer;
  }

  class Module {
    constructor(bytes: ArrayBuffer | ArrayBufferView);
    static exports(module: Module): readonly { readonly name: string; readonly kind: string }[];
    static imports(module: Module): readonly { readonly name: string; readonly kind: string }[];
  }

  class Instance {
    constructor(module: Module, imports?: object);
    readonly exports: Readonly<Record<string, unknown>>;
  }

  class RuntimeError extends Error {}
}
