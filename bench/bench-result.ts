/** What every bench takes from the command line. */
export type BenchOptions = {
  /** Finish within a minute: fewer repetitions, fewer cells. */
  readonly quick: boolean;
  /** Every other `--name value`, `--name=value` or `--name` (then `"true"`), without the dashes. */
  readonly values: ReadonlyMap<string, string>;
  /** Reports progress to people. It never reaches standard output. */
  readonly progress: (message: string) => void;
};

/** What a bench found. A bench file `bench/NAME.bench.ts` exports `run(options: BenchOptions): Promise<BenchResult>`. */
export type BenchResult = {
  /** The document that `--json` prints. Its field names are a contract: fields are added, never renamed. */
  readonly json: Readonly<Record<string, unknown>>;
  /** The same for people: see `formatTable`. It ends with what the figures exclude. */
  readonly table: string;
};
