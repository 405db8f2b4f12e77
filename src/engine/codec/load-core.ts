/**
 * Compiles a codec module off the calling thread's critical path.
 *
 * @param source the address of core.wasm or neural.wasm, or its bytes
 * @returns a module that can be posted to workers and worklets and instantiated there synchronously
 * @throws {Error} when it cannot be fetched or is not WebAssembly
 */
export async function loadCoreModule(source: URL | string | BufferSource): Promise<WebAssembly.Module> {
  if (source instanceof URL || typeof source === "string") {
    const response = await fetch(source);
    if (!response.ok) throw new Error(`Cannot load ${source}: status ${response.status}`);
    // compileStreaming needs the right content type, which a plain file host may not send.
    return WebAssembly.compile(await response.arrayBuffer());
  }
  return WebAssembly.compile(source);
}
