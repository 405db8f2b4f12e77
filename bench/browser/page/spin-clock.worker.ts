/**
 * Writes the time to shared memory without end: a clock for the audio thread, which has none finer than a millisecond. Takes a
 * processor core for itself.
 */
globalThis.onmessage = ({ data }: MessageEvent<Float64Array>) => {
  for (;;) data[0] = performance.now();
};
