const UINT16_RANGE = 0x1_0000;
const UINT32_RANGE = 0x1_0000_0000;

/**
 * Whether 16-bit sequence number `value` follows `reference` on the shorter way around (RFC 3550 §A.1).
 * Exactly half a turn apart counts as older; equal numbers are not newer.
 */
export function isNewer16(value: number, reference: number): boolean {
  const distance = (value - reference) & 0xffff;
  return distance !== 0 && distance < 0x8000;
}

/**
 * Turns wrapping 16-bit sequence numbers into integers that do not wrap. The first value maps to itself; each further one to
 * the integer nearest to the newest seen, so reordering across the wrap is safe. Results may be negative, never imprecise.
 */
export class SequenceUnwrapper16 {
  #newest = 0;
  #isStarted = false;

  /** Unwraps `value` (0..65535) and remembers it when it is the newest so far. */
  unwrap(value: number): number {
    const unwrapped = this.peek(value);
    if (!this.#isStarted || unwrapped > this.#newest) {
      this.#newest = unwrapped;
      this.#isStarted = true;
    }
    return unwrapped;
  }

  /** Unwraps without remembering, for values that are not yet trusted. */
  peek(value: number): number {
    if (!this.#isStarted) return value & 0xffff;
    const forward = (value - this.#newest) & 0xffff;
    return this.#newest + (forward < 0x8000 ? forward : forward - UINT16_RANGE);
  }

  /** Forgets everything: the next value maps to itself. */
  reset(): void {
    this.#newest = 0;
    this.#isStarted = false;
  }
}

/**
 * Turns wrapping 32-bit RTP timestamps (or 32-bit millisecond stamps) into integers that do not wrap, like
 * {@link SequenceUnwrapper16}. Safe for more than 2^20 turns (float64 integers).
 */
export class TimestampUnwrapper32 {
  #newest = 0;
  #isStarted = false;

  /** Unwraps `value` (0..2^32−1) and remembers it when it is the newest so far. */
  unwrap(value: number): number {
    const unwrapped = this.peek(value);
    if (!this.#isStarted || unwrapped > this.#newest) {
      this.#newest = unwrapped;
      this.#isStarted = true;
    }
    return unwrapped;
  }

  /** Unwraps without remembering, for values that are not yet trusted. */
  peek(value: number): number {
    if (!this.#isStarted) return value >>> 0;
    // The newest value can exceed 2^53 / 2 only after 2^20 turns; `| 0` wraps exactly below that.
    const distance = (value - (this.#newest % UINT32_RANGE)) | 0;
    return this.#newest + distance;
  }

  /** Forgets everything: the next value maps to itself. */
  reset(): void {
    this.#newest = 0;
    this.#isStarted = false;
  }
}
