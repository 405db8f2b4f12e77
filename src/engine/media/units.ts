/** Sample rate of everything inside the engine, in hertz (the rate at which Opus runs). */
export const SAMPLE_RATE = 48_000;

declare const unit: unique symbol;

/**
 * A duration or an instant in milliseconds; not assignable to {@link Samples}. Plain numbers are accepted, so literals and
 * arithmetic need no cast. Which clock an instant belongs to is said where it is used.
 */
export type Milliseconds = number & { readonly [unit]?: "milliseconds" };

/** A count of samples per channel at {@link SAMPLE_RATE}; not assignable to {@link Milliseconds}. */
export type Samples = number & { readonly [unit]?: "samples" };

/** Samples at 48 kHz in `milliseconds`; not rounded. */
export function millisecondsToSamples(milliseconds: Milliseconds): Samples {
  return (milliseconds * SAMPLE_RATE) / 1000;
}

/** Milliseconds that `samples` at 48 kHz last. */
export function samplesToMilliseconds(samples: Samples): Milliseconds {
  return (samples * 1000) / SAMPLE_RATE;
}
