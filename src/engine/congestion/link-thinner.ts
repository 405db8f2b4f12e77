/** Credit that may be saved up, in packets. */
const MAX_CREDIT_PACKETS = 2;

/**
 * Leaves frames out evenly on a link whose path carries less than the encoder, governed by other links, produces. Regular gaps
 * that the listener conceals are better than a queue that grows for ever. Allocates nothing.
 */
export class LinkThinner {
  #credit = 0;

  /** Whether the next packet of `wireBytes`, whose frame lasts `frameMs`, fits `pathRate` (bit/s). */
  admit(wireBytes: number, frameMs: number, pathRate: number): boolean {
    this.#credit = Math.min(MAX_CREDIT_PACKETS * wireBytes, this.#credit + (pathRate * frameMs) / 8000);
    if (this.#credit < wireBytes) return false;
    this.#credit -= wireBytes;
    return true;
  }
}
