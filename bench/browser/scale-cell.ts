/** One measurement of the scale bench. */
export type ScaleCell = {
  readonly peers: number;
  readonly frameMs: number;
  readonly seconds: number;
};

/** What it gave. */
export type ScaleCellResult = {
  /** Time spent per quantum as a share of its duration, percent. */
  readonly meanPercent: number;
  readonly p99Percent: number;
  readonly maxPercent: number;
  readonly quanta: number;
  /** Times the output ran dry, by the browser's own count; null where it does not count. */
  readonly underruns: number | null;
  readonly concealedPercent: number;
};
