import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MIX_ENCODING, VOICE_ENCODING } from "../src/engine/recording/call-encoding.ts";
import type { TakenTrack } from "../src/engine/recording/recording-messages.ts";
import type { BenchOptions, BenchResult } from "./bench-result.ts";
import { formatTable } from "./format-table.ts";
import { findMarkers } from "./marked-track.ts";
import { recordCall } from "./recorded-call.ts";

const RATE = 48_000;
const PARTICIPANTS = 4;
const HOURS = 2;
const QUICK_HOURS = 3 / 60;

/** Bytes around the sound: page headers and the lengths of packets, a share of what the bit rate gives. */
const CONTAINER_SHARE = 0.03;

type Row = {
  readonly track: string;
  readonly seconds: number;
  readonly bytes: number;
  readonly kilobitsPerSecond: number;
  /** Most bytes that the track's bit rate and its container account for. */
  readonly expectedBytes: number;
  readonly worstMisalignmentMs: number;
  readonly markers: number;
  /** What opusinfo says of the file; "not installed" where there is none. */
  readonly opusinfo: string;
};

type Report = {
  readonly minutes: number;
  readonly participants: number;
  readonly secondsPerSecond: number;
  readonly memoryMegabytes: { readonly secondQuarter: number; readonly lastQuarter: number };
  readonly tracksEndTogether: boolean;
  readonly rows: readonly Row[];
};

/**
 * `npm run bench -- recording`: a call of four participants recorded for two hours in virtual time by the recording worker's own
 * host: mix and one track each. `--hours N` for another length.
 */
export async function run(options: BenchOptions): Promise<BenchResult> {
  const hours = Number(options.values.get("hours") ?? (options.quick ? QUICK_HOURS : HOURS));
  const minutes = Math.max(1, Math.round(hours * 60));
  if (!Number.isFinite(minutes)) throw new RangeError("--hours takes a number");
  const folder = mkdtempSync(join(tmpdir(), "antiphon-recording-"));
  try {
    const { progress } = options;
    const started = performance.now();
    const { tracks, memory } = await recordCall({ folder, minutes, participants: PARTICIPANTS, progress });
    const seconds = (performance.now() - started) / 1000;
    const rows: Row[] = [];
    for (const [index, track] of tracks.entries()) {
      progress(`measuring ${nameOf(index)}`);
      rows.push(await measure(folder, index, track));
    }
    const quarter = Math.max(1, Math.floor(memory.length / 4));
    const json: Report = {
      minutes,
      participants: PARTICIPANTS,
      secondsPerSecond: (minutes * 60) / seconds,
      memoryMegabytes: {
        secondQuarter: Math.max(...memory.slice(quarter, 2 * quarter)),
        lastQuarter: Math.max(...memory.slice(-quarter)),
      },
      tracksEndTogether: new Set(tracks.map(({ samples }) => samples)).size === 1,
      rows,
    };
    return { json, table: tableOf(json) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(folder: string, index: number, track: TakenTrack): Promise<Row> {
  const path = join(folder, track.file);
  const { markers, worstMs } = await findMarkers(path);
  const { size } = statSync(path);
  const seconds = track.samples / RATE;
  const { bitrate } = index === 0 ? MIX_ENCODING : VOICE_ENCODING;
  return {
    track: nameOf(index),
    seconds,
    bytes: size,
    kilobitsPerSecond: (size * 8) / seconds / 1000,
    expectedBytes: Math.round((1 + CONTAINER_SHARE) * seconds * (bitrate / 8)),
    worstMisalignmentMs: worstMs,
    markers,
    opusinfo: inspect(path, seconds),
  };
}

/** What opusinfo finds: a warning, another length than `seconds`, or nothing. */
function inspect(path: string, seconds: number): string {
  const { error, status, stdout, stderr } = spawnSync("opusinfo", [path], { encoding: "utf8" });
  if (error !== undefined) return "not installed";
  const warning = /^.*(?:warning|error).*$/im.exec(`${stdout}\n${stderr}`);
  if (status !== 0 || warning !== null) return warning?.[0].trim() ?? `status ${status}`;
  const [, minutes, rest] = /Playback length: (\d+)m:([\d.]+)s/.exec(stdout) ?? [];
  const length = Number(minutes) * 60 + Number(rest);
  return Math.abs(length - seconds) < 0.001 ? "clean" : `${length} s`;
}

function nameOf(index: number): string {
  return index === 0 ? "mix" : `participant ${index}`;
}

function tableOf(report: Report): string {
  const { secondQuarter, lastQuarter } = report.memoryMegabytes;
  return [
    formatTable(
      `A call of ${PARTICIPANTS}, ${report.minutes} minutes in virtual time`,
      ["track", "seconds", "MB", "at most", "kb/s", "misaligned ms", "markers", "opusinfo"],
      report.rows.map((row) => [
        row.track,
        row.seconds,
        row.bytes / 1e6,
        row.expectedBytes / 1e6,
        row.kilobitsPerSecond,
        row.worstMisalignmentMs,
        row.markers,
        row.opusinfo,
      ]),
    ),
    "",
    `Memory: at most ${secondQuarter.toFixed(0)} MB in the second quarter, ${lastQuarter.toFixed(0)} MB in the last.`,
    `Tracks end together: ${report.tracksEndTogether ? "yes" : "no"}. ${report.secondsPerSecond.toFixed(1)} times as fast as real time.`,
    "Excluded: the audio threads and the rings in front of the worker; files are on this machine's disk.",
  ].join("\n");
}
