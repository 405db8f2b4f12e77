/** Shelf and high-pass of ITU-R BS.1770-5 annex 1 at 48 kHz: b0, b1, b2, a1, a2. */
const SHELF = [1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585] as const;
const HIGH_PASS = [1, -2, 1, -1.99004745483398, 0.99007225036621] as const;

/**
 * The K-weighting of BS.1770: what makes energy comparable to loudness. One channel at 48 kHz; gives energies, not audio.
 * No allocation.
 */
export class KWeighting {
  /** Both filters' states, transposed direct form II. */
  readonly #state = new Float64Array(4);
  /** Sum of squares of the weighted signal over the samples last measured. */
  energy = 0;

  /** Takes `frames` samples from `offset` and leaves their {@link energy}. */
  measure(samples: Float32Array, offset: number, frames: number): void {
    const state = this.#state;
    let s1 = state[0] as number;
    let s2 = state[1] as number;
    let h1 = state[2] as number;
    let h2 = state[3] as number;
    let sum = 0;
    for (let i = offset; i < offset + frames; i++) {
      const x = samples[i] as number;
      const shelved = SHELF[0] * x + s1;
      s1 = SHELF[1] * x - SHELF[3] * shelved + s2;
      s2 = SHELF[2] * x - SHELF[4] * shelved;
      const weighted = HIGH_PASS[0] * shelved + h1;
      h1 = HIGH_PASS[1] * shelved - HIGH_PASS[3] * weighted + h2;
      h2 = HIGH_PASS[2] * shelved - HIGH_PASS[4] * weighted;
      sum += weighted * weighted;
    }
    state[0] = settled(s1);
    state[1] = settled(s2);
    state[2] = settled(h1);
    state[3] = settled(h2);
    this.energy = sum;
  }

  /** Forgets the past of the signal. */
  reset(): void {
    this.#state.fill(0);
  }
}

/** Denormals are slow; below this a state is one in the making. */
function settled(state: number): number {
  return Math.abs(state) < 1e-20 ? 0 : state;
}

/** Loudness in LUFS of a mean square of K-weighted samples, summed over channels; silence gives −120. */
export function meanSquareToLufs(meanSquare: number): number {
  return meanSquare > 1e-12 ? -0.691 + 10 * Math.log10(meanSquare) : -120;
}

/** The inverse of {@link meanSquareToLufs}. */
export function lufsToMeanSquare(lufs: number): number {
  return 10 ** ((lufs + 0.691) / 10);
}
