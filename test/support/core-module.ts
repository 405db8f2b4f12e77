import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const modules = new Map<string, WebAssembly.Module>();

/** wasm/dist/core.wasm as set-up built it, compiled once per process. */
export function coreModule(): WebAssembly.Module {
  return builtModule("core");
}

/** wasm/dist/neural.wasm as set-up built it, compiled once per process. */
export function neuralModule(): WebAssembly.Module {
  return builtModule("neural");
}

function builtModule(name: string): WebAssembly.Module {
  let module = modules.get(name);
  if (module === undefined) {
    const path = fileURLToPath(new URL(`../../wasm/dist/${name}.wasm`, import.meta.url));
    module = new WebAssembly.Module(readFileSync(path));
    modules.set(name, module);
  }
  return module;
}
