import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const modules = new Map<string, WebAssembly.Module>();

/** The RNNoise that the page ships, compiled once per process. */
export function rnnoiseModule(): WebAssembly.Module {
  return packageModule("@sapphi-red/web-noise-suppressor/rnnoise_simd.wasm");
}

/** The GTCRN that the page ships, compiled once per process. */
export function gtcrnModule(): WebAssembly.Module {
  return packageModule("@sapphi-red/web-noise-suppressor/gtcrn.wasm");
}

function packageModule(specifier: string): WebAssembly.Module {
  let module = modules.get(specifier);
  if (module === undefined) {
    module = new WebAssembly.Module(readFileSync(require.resolve(specifier)));
    modules.set(specifier, module);
  }
  return module;
}
