import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSpeechLikeSignal } from "../src/engine/measurement/speech-like-signal.ts";
import { dbToGain } from "../src/engine/media/decibels.ts";
import { MemoryRecordingFile } from "../src/engine/recording/recording-file.ts";
import { runRecordingJob } from "../src/engine/recording/recording-job.ts";
import type { RecordingJob } from "../src/engine/recording/recording-messages.ts";
import { DEFAULT_TRIM } from "../src/engine/recording/trim-silence.ts";
import { coreModule } from "../test/support/core-module.ts";
import type { BenchOptions, BenchResult } from "./bench-result.ts";
import { formatTable } from "./format-table.ts";
import { loadAt48k } from "./load-recording.ts";
import { integratedLufs } from "./signal-loudness.ts";

const TARGET_LUFS = -16;
const INPUT_LUFS = [-40, -23, -10] as const;

type Row = {
  readonly inputLufs: number;
  readonly seconds: number;
  readonly removedSeconds: number;
  /** By ffmpeg's ebur128. */
  readonly outputLufs: number;
  readonly outputTruePeakDb: number;
  /** Samples that ffmpeg decodes beyond, or short of, what the note says it has. */
  readonly wrongSamples: number;
};

/**
 * `npm run bench -- polish`: a voice note trimmed and normalised, from a quiet, a usual and a loud recording, measured by ffmpeg.
 * `--recording speech.wav` gives it real sound.
 */
export async function run({ values, progress }: BenchOptions): Promise<BenchResult> {
  const path = values.get("recording");
  const speech =
    path === undefined
      ? createSpeechLikeSignal({ sampleRate: 48_000, seconds: 20, seed: 5, pauseShare: 0.5 })
      : loadAt48k(path);
  const loudness = integratedLufs([speech]);
  const folder = mkdtempSync(join(tmpdir(), "antiphon-polish-"));
  try {
    const rows: Row[] = [];
    for (const inputLufs of INPUT_LUFS) {
      progress(`${inputLufs} LUFS`);
      const gain = dbToGain(inputLufs - loudness);
      rows.push(
        await polish(
          folder,
          inputLufs,
          speech.map((sample) => sample * gain),
        ),
      );
    }
    return { json: { targetLufs: TARGET_LUFS, rows }, table: tableOf(rows) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function polish(folder: string, inputLufs: number, samples: Float32Array): Promise<Row> {
  const track = { file: "note.opus", format: "opus", channels: 1 } as const;
  const left = new Float32Array(samples);
  const recorded = await work({ kind: "encode", left, right: undefined, track });
  const settings = { trim: DEFAULT_TRIM, targetLufs: TARGET_LUFS };
  const polished = await work({ kind: "polish", source: new Blob([recorded.bytes]), settings, track });
  const path = join(folder, "note.opus");
  writeFileSync(path, polished.bytes);
  const raw = ffmpeg(["-v", "error", "-i", path, "-f", "s16le", "-"]).stdout;
  const said = ffmpeg(["-hide_banner", "-nostats", "-i", path, "-af", "ebur128=peak=true", "-f", "null", "-"]);
  const report = said.stderr.toString();
  const summary = report.slice(report.lastIndexOf("Summary:"));
  return {
    inputLufs,
    seconds: samples.length / 48_000,
    removedSeconds: (samples.length - polished.samples) / 48_000,
    outputLufs: Number(/I:\s+(-?[\d.]+) LUFS/.exec(summary)?.[1]),
    outputTruePeakDb: Number(/Peak:\s+(-?[\d.]+) dBFS/.exec(summary)?.[1]),
    wrongSamples: raw.length / 2 - polished.samples,
  };
}

async function work(job: RecordingJob): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly samples: number }> {
  const file = new MemoryRecordingFile();
  const { samples } = await runRecordingJob(job, {
    modules: { core: coreModule() },
    openFile: () => Promise.resolve(file),
    onProgress: () => undefined,
  });
  return { bytes: file.contents(), samples };
}

function ffmpeg(args: readonly string[]): { readonly stdout: Buffer; readonly stderr: Buffer } {
  const { error, stdout, stderr } = spawnSync("ffmpeg", args, { maxBuffer: 1 << 28 });
  if (error !== undefined) throw new Error("Cannot measure without ffmpeg: install it", { cause: error });
  return { stdout, stderr };
}

function tableOf(rows: readonly Row[]): string {
  return [
    formatTable(
      `Voice notes, trimmed and normalised to ${TARGET_LUFS} LUFS`,
      ["LUFS in", "seconds", "removed s", "LUFS out", "true peak dB", "wrong samples"],
      rows.map((row) => [
        row.inputLufs,
        row.seconds,
        row.removedSeconds,
        row.outputLufs,
        row.outputTruePeakDb,
        row.wrongSamples,
      ]),
    ),
    "",
    "Excluded: the capture chain in front of a recording. Loudness and peak by ffmpeg, of the Opus file.",
  ].join("\n");
}
