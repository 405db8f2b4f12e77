import type { Distribution } from "../measurement/distribution.ts";
import type { LatencyLabAssets } from "./latency-progress.ts";

/** How to measure the way from the loudspeaker through the air to the microphone. */
export type AcousticOptions = {
  /** Seconds of chirps, two each second; 2…60. Default 6. */
  readonly seconds?: number;
  /** The microphone; the default one when left out. */
  readonly deviceId?: string;
  /** Latency asked of the AudioContext. Default 0, as the engine asks. */
  readonly latencyHint?: number | AudioContextLatencyCategory;
  /** Where the chirps are played. Default: the context's destination, which is the loudspeaker. */
  readonly speaker?: (context: AudioContext) => AudioNode;
  readonly signal?: AbortSignal;
  /** Only where no bundler knows them. */
  readonly assets?: Partial<LatencyLabAssets>;
};

/** What an acoustic round trip takes. */
export type AcousticRoundTrip = {
  /** From the graph to the loudspeaker, through the air, and from the microphone to the graph, ms. Undefined when nothing was heard. */
  readonly delay: Distribution | undefined;
  readonly chirps: { readonly sent: number; readonly lost: number };
  /** What of it the browser says that the output takes, ms. */
  readonly outputLatencyMs: number;
  /** How far a known delay reads back from what it is, ms. */
  readonly selfTestErrorMs: number;
};
