/** Length of a SHA-256 digest in bytes. */
export const SHA256_BYTES = 32;

const BLOCK_BYTES = 64;

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4 §4.2.2). */
const ROUND_CONSTANTS = primeRoots(64, Math.cbrt);

/** The same of the square roots of the first 8 primes (FIPS 180-4 §5.3.3). */
const INITIAL_STATE = primeRoots(8, Math.sqrt);

/**
 * SHA-256 (FIPS 180-4) over data that comes in pieces. The platform's digest needs all bytes at once and a promise; a
 * file of hundreds of megabytes and a session core without I/O need neither.
 */
export class Sha256 {
  readonly #state = Int32Array.from(INITIAL_STATE);
  readonly #schedule = new Int32Array(64);
  readonly #block = new Uint8Array(BLOCK_BYTES);
  readonly #view = new DataView(this.#block.buffer);
  #filled = 0;
  #totalBytes = 0;

  /** Digest of `data` at once. */
  static digest(data: Uint8Array): Uint8Array {
    return new Sha256().update(data).digest();
  }

  /** Adds `data`. */
  update(data: Uint8Array): this {
    this.#totalBytes += data.length;
    let at = 0;
    while (at < data.length) {
      const count = Math.min(BLOCK_BYTES - this.#filled, data.length - at);
      this.#block.set(count === data.length ? data : data.subarray(at, at + count), this.#filled);
      this.#filled += count;
      at += count;
      if (this.#filled === BLOCK_BYTES) {
        this.#compress();
        this.#filled = 0;
      }
    }
    return this;
  }

  /** The digest of everything added; the object is used up. */
  digest(): Uint8Array {
    const bits = this.#totalBytes * 8;
    this.#block[this.#filled] = 0x80;
    this.#block.fill(0, this.#filled + 1);
    if (this.#filled >= BLOCK_BYTES - 8) {
      this.#compress();
      this.#block.fill(0);
    }
    this.#view.setUint32(BLOCK_BYTES - 8, Math.floor(bits / 2 ** 32));
    this.#view.setUint32(BLOCK_BYTES - 4, bits >>> 0);
    this.#compress();
    const digest = new Uint8Array(SHA256_BYTES);
    const view = new DataView(digest.buffer);
    for (let index = 0; index < 8; index += 1) {
      view.setInt32(index * 4, this.#state[index] ?? 0);
    }
    return digest;
  }

  #compress(): void {
    const w = this.#schedule;
    for (let t = 0; t < 16; t += 1) {
      w[t] = this.#view.getInt32(t * 4);
    }
    for (let t = 16; t < 64; t += 1) {
      const w15 = w[t - 15] as number;
      const w2 = w[t - 2] as number;
      const s0 = ((w15 >>> 7) | (w15 << 25)) ^ ((w15 >>> 18) | (w15 << 14)) ^ (w15 >>> 3);
      const s1 = ((w2 >>> 17) | (w2 << 15)) ^ ((w2 >>> 19) | (w2 << 13)) ^ (w2 >>> 10);
      w[t] = ((w[t - 16] as number) + s0 + (w[t - 7] as number) + s1) | 0;
    }
    let [a, b, c, d, e, f, g, h] = this.#state as unknown as Eight;
    for (let t = 0; t < 64; t += 1) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (ROUND_CONSTANTS[t] as number) + (w[t] as number)) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    const next: Eight = [a, b, c, d, e, f, g, h];
    for (let index = 0; index < 8; index += 1) {
      this.#state[index] = ((this.#state[index] as number) + (next[index] as number)) | 0;
    }
  }
}

type Eight = [number, number, number, number, number, number, number, number];

function primeRoots(count: number, root: (prime: number) => number): Int32Array {
  const words: number[] = [];
  for (let candidate = 2; words.length < count; candidate += 1) {
    let isPrime = true;
    for (let divisor = 2; divisor * divisor <= candidate; divisor += 1) {
      isPrime &&= candidate % divisor !== 0;
    }
    if (isPrime) {
      words.push(Math.floor((root(candidate) % 1) * 2 ** 32) | 0);
    }
  }
  return Int32Array.from(words);
}
