import { createSpeechLikeSignal } from "../src/engine/measurement/speech-like-signal.ts";
import { type ArtefactSize, artefactSizes } from "./artefact-sizes.ts";
import type { BenchOptions, BenchResult } from "./bench-result.ts";
import { antiphonCodec, encodeAll, timeNeural } from "./codec-antiphon.ts";
import { openNativeCodec } from "./codec-native.ts";
import { npmCodecs } from "./codec-peers.ts";
import type { CodecSetting, CodecSubject } from "./codec-subject.ts";
import { SUPPRESSORS, timeSuppressors } from "./codec-suppressors.ts";
import { type CallTimes, meanTime, quickestTimes } from "./codec-timing.ts";
import { formatTable } from "./format-table.ts";
import { readWav } from "./wav.ts";

const BITRATE = 32_000;

type CodecRow = {
  readonly name: string;
  readonly operation: "encode" | "decode" | "conceal" | "suppress";
  readonly complexity: number | null;
  readonly fec: boolean | null;
  /** Which of several ways: "dred", "deep", "rnnoise"…; null for the plain one. */
  readonly variant: string | null;
  /** Length of the frame the time is for, ms. */
  readonly frameMs: number;
  /** Mean over the frames, of each frame the quickest of all rounds: whatever else runs on the machine only adds. */
  readonly microseconds: number;
  /** As a share of native libopus and of ours in the same rounds. */
  readonly ratioToNative: number | null;
};

/** A row without its time, and how to take it once. */
type Task = { readonly row: Omit<CodecRow, "microseconds" | "ratioToNative">; readonly time: () => Promise<CallTimes> };

/**
 * `npm run bench -- codec [--input FILE.wav]`: what a frame costs, beside native libopus of the same version and the codecs
 * of npm. Rounds of all subjects alternate, so that a busy machine is busy for all.
 */
export async function run(options: BenchOptions): Promise<BenchResult> {
  const { seconds, rounds } = options.quick ? { seconds: 4, rounds: 4 } : { seconds: 16, rounds: 8 };
  const pcm = await readSignal(options, seconds);
  const native = await openNativeCodec(pcm, options.progress);
  try {
    const subjects = [antiphonCodec, ...(native === undefined ? [] : [native.subject]), ...npmCodecs];
    const tasks = [...listTasks(subjects, pcm), ...(await listExtras(pcm))];
    const taken: CallTimes[][] = tasks.map(() => []);
    for (let round = 0; round < rounds; round++) {
      options.progress(`round ${round + 1} of ${rounds}`);
      for (const [index, { time }] of tasks.entries()) taken[index]?.push(await time());
    }
    const rows = tasks.map(({ row }, index): CodecRow => {
      return { ...row, microseconds: meanTime(quickestTimes(taken[index] ?? [])), ratioToNative: null };
    });
    const sizes = await artefactSizes({ core: "wasm/dist/core.wasm", neural: "wasm/dist/neural.wasm" });
    return report(
      rows.map((row) => withRatio(row, rows)),
      sizes,
      native?.compiler,
    );
  } finally {
    await native?.close();
  }
}

async function readSignal(options: BenchOptions, seconds: number): Promise<Float32Array> {
  const input = options.values.get("input");
  if (input === undefined) return createSpeechLikeSignal({ sampleRate: 48_000, seconds });
  const { sampleRate, channels } = readWav(input);
  const [mono] = channels;
  if (mono === undefined || sampleRate !== 48_000) throw new RangeError(`Cannot use ${input}: it is not at 48 kHz`);
  return mono.slice(0, seconds * sampleRate);
}

function listTasks(subjects: readonly CodecSubject[], pcm: Float32Array): readonly Task[] {
  const settings: readonly CodecSetting[] = [9, 5].flatMap((complexity) =>
    [false, true].map((fec) => ({ complexity, fec, bitrate: BITRATE })),
  );
  const { packets } = encodeAll(pcm, { complexity: 9, fec: false, bitrate: BITRATE });
  const none = { complexity: null, fec: null, variant: null, frameMs: 20 } as const;
  return subjects.flatMap(({ name, encode, decode, conceal }): readonly Task[] => [
    ...settings.map((setting): Task => {
      const { complexity, fec } = setting;
      return { row: { name, operation: "encode", ...none, complexity, fec }, time: () => encode(pcm, setting) };
    }),
    { row: { name, operation: "decode", ...none }, time: () => decode(packets) },
    ...(conceal === undefined
      ? []
      : [{ row: { name, operation: "conceal", ...none }, time: () => conceal(packets) } satisfies Task]),
  ]);
}

/** What only we have, and the suppressors. Each of the two functions times several rows at once, in turn for each round. */
async function listExtras(pcm: Float32Array): Promise<readonly Task[]> {
  const row = (operation: CodecRow["operation"], variant: string, frameMs: number): Task["row"] => ({
    name: "antiphon",
    operation,
    complexity: operation === "encode" ? 9 : null,
    fec: operation === "encode" ? false : null,
    variant,
    frameMs,
  });
  const neural = roundOf(async () => timeNeural(pcm), 5);
  const suppressors = roundOf(async () => timeSuppressors(pcm), SUPPRESSORS.length);
  return [
    { row: row("encode", "neural module, DRED 1 s", 20), time: async () => (await neural()).encode },
    { row: row("decode", "neural module, read DRED", 20), time: async () => (await neural()).parse },
    { row: row("decode", "neural module, decode DRED", 20), time: async () => (await neural()).decodeRedundancy },
    { row: row("conceal", "neural module, deep", 20), time: async () => (await neural()).concealDeep },
    { row: row("conceal", "neural module, classic", 20), time: async () => (await neural()).concealClassic },
    ...SUPPRESSORS.map(({ variant, frameMs }, index): Task => {
      return { row: row("suppress", variant, frameMs), time: async () => (await suppressors())[index]?.times ?? [] };
    }),
  ];
}

/** Shares one measurement among `count` readers and takes a new one for the next round. */
function roundOf<Result>(measure: () => Promise<Result>, count: number): () => Promise<Result> {
  let current: Promise<Result> | undefined;
  let reads = 0;
  return () => {
    if (current === undefined || reads === count) {
      current = measure();
      reads = 0;
    }
    reads += 1;
    return current;
  };
}

function withRatio(row: CodecRow, rows: readonly CodecRow[]): CodecRow {
  const native = rows.find(
    (other) =>
      other.name === "native" &&
      other.operation === row.operation &&
      other.complexity === row.complexity &&
      other.fec === row.fec &&
      row.variant === null,
  );
  return { ...row, ratioToNative: native === undefined ? null : row.microseconds / native.microseconds };
}

function report(
  rows: readonly CodecRow[],
  sizes: Readonly<Record<string, ArtefactSize>>,
  compiler: string | undefined,
): BenchResult {
  const table = formatTable(
    "Codec, µs per frame of one channel at 48 kHz",
    ["codec", "operation", "complexity", "FEC", "variant", "frame ms", "µs", "× native"],
    rows.map((row) => [
      row.name,
      row.operation,
      row.complexity ?? undefined,
      row.fec === null ? undefined : row.fec ? "on" : "off",
      row.variant ?? "",
      row.frameMs,
      row.microseconds,
      row.ratioToNative ?? undefined,
    ]),
  );
  const sizeTable = formatTable(
    "Sizes, bytes",
    ["module", "raw", "gzip", "brotli"],
    Object.entries(sizes).map(([name, { raw, gzip, brotli }]) => [name, raw, gzip, brotli]),
  );
  const notes = [
    `Opus: VOIP, ${BITRATE / 1_000} kb/s, 20 ms, mono; with FEC 10 % expected loss; concealment of every fifth frame. Of each frame the quickest of all rounds.`,
    compiler === undefined
      ? "Native libopus is missing: there is no C compiler, or the machine is no x86-64."
      : `Native: libopus 1.6.1 of the same source, ${compiler}, -O3 -msse4.1.`,
    "@evan/opus is its WebAssembly build, as a page gets it. Our times include copying samples in and packets out.",
    "Excluded: instantiation and the first 50 frames of every run. DRED of 1 s at 48 kb/s and 20 % expected loss.",
  ];
  return {
    json: { rows, sizes, nativeCompiler: compiler ?? null },
    table: `${table}\n\n${sizeTable}\n\n${notes.join("\n")}`,
  };
}
