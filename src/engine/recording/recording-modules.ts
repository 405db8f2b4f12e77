/** WebAssembly modules that recordings use. */
export type RecordingModules = {
  readonly core: WebAssembly.Module;
  readonly rnnoise: WebAssembly.Module | undefined;
  readonly gtcrn: WebAssembly.Module | undefined;
};
