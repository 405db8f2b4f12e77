/**
 * What core.wasm exports, one to one with wasm/core/*.c. Handles are positive; results below 0 are the OPUS_ error
 * codes of codec-error.ts; addresses are byte offsets into `memory`, valid until the object's close.
 */
export type CoreExports = {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  heap_free_bytes(): number;
  encoder_create(sampleRate: number, channels: number, application: number): number;
  encoder_input(handle: number): number;
  encoder_output(handle: number): number;
  encoder_encode(handle: number, frameSamples: number): number;
  encoder_set(handle: number, request: number, value: number): number;
  encoder_get(handle: number, request: number): number;
  encoder_reset(handle: number): number;
  encoder_close(handle: number): number;
  decoder_create(sampleRate: number, channels: number): number;
  decoder_packet(handle: number): number;
  decoder_output(handle: number): number;
  decoder_decode(handle: number, length: number): number;
  decoder_decode_fec(handle: number, length: number, frameSamples: number): number;
  decoder_conceal(handle: number, frameSamples: number): number;
  decoder_set(handle: number, request: number, value: number): number;
  decoder_get_pitch(handle: number): number;
  decoder_reset(handle: number): number;
  decoder_close(handle: number): number;
  packet_buffer(): number;
  packet_has_fec(length: number): number;
  packet_samples(length: number): number;
  resampler_create(
    channels: number,
    inputRate: number,
    outputRate: number,
    quality: number,
    inputFrames: number,
    outputFrames: number,
  ): number;
  resampler_input(handle: number): number;
  resampler_output(handle: number): number;
  resampler_process(handle: number, inputFrames: number, outputFrames: number): number;
  resampler_consumed(handle: number): number;
  resampler_set_ratio(
    handle: number,
    numerator: number,
    denominator: number,
    inputRate: number,
    outputRate: number,
  ): number;
  resampler_input_latency(handle: number): number;
  resampler_output_latency(handle: number): number;
  resampler_reset(handle: number): number;
  resampler_close(handle: number): number;
  denoiser_create(): number;
  denoiser_block(handle: number): number;
  denoiser_set_reduction(handle: number, decibels: number): number;
  denoiser_process(handle: number): number;
  denoiser_reset(handle: number): number;
  denoiser_close(handle: number): number;
};

/** What neural.wasm exports on top, one to one with wasm/neural/*.c. */
export type NeuralExports = {
  decoder_parse_dred(handle: number, length: number, maxSamples: number): number;
  decoder_decode_dred(handle: number, offsetSamples: number, frameSamples: number): number;
};
