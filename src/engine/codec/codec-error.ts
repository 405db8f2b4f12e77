/** Error codes of libopus, which the codec's per-frame functions return as they are. */
export const OPUS_BAD_ARG = -1;
/** The output does not fit. */
export const OPUS_BUFFER_TOO_SMALL = -2;
export const OPUS_INTERNAL_ERROR = -3;
/** Not an Opus packet, or one longer than is accepted. */
export const OPUS_INVALID_PACKET = -4;
export const OPUS_UNIMPLEMENTED = -5;
export const OPUS_INVALID_STATE = -6;
/** The fixed heap is full, or too many objects are open. */
export const OPUS_ALLOC_FAIL = -7;

const REASONS = new Map<number, string>([
  [OPUS_BAD_ARG, "an argument is out of range"],
  [OPUS_BUFFER_TOO_SMALL, "a buffer is too small"],
  [OPUS_INTERNAL_ERROR, "an internal error"],
  [OPUS_INVALID_PACKET, "the packet is invalid"],
  [OPUS_UNIMPLEMENTED, "this module does not have it"],
  [OPUS_INVALID_STATE, "the object is broken or closed"],
  [OPUS_ALLOC_FAIL, "the module's fixed memory is full; close what is not used"],
]);

/**
 * Setting up a codec object failed. Per-frame functions never throw it: they return `code` instead.
 */
export class CodecError extends Error {
  /** One of the OPUS_ constants, or 0 when the module itself is unusable. */
  readonly code: number;

  constructor(action: string, code: number) {
    super(`${action}: ${REASONS.get(code) ?? `error ${code}`}`);
    this.name = "CodecError";
    this.code = code;
  }
}
