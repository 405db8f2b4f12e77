import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { SELF_TEST_LIMIT_MS } from "../src/engine/latency-lab/latency-result.ts";
import { createChirp } from "../src/engine/measurement/chirp.ts";
import { type ChirpDelays, measureChirpDelays } from "../src/engine/measurement/chirp-delays.ts";
import { distributionOf } from "../src/engine/measurement/distribution.ts";
import { chromiumPath, chromiumSwitches } from "../test/support/chromium-path.mjs";
import type { BenchOptions, BenchResult } from "./bench-result.ts";
import type { DevicePath } from "./browser/page/latency-device.ts";
import { serveBenchPage } from "./browser/serve-page.ts";
import { formatTable } from "./format-table.ts";
import { type PrivatePulse, startPrivatePulse } from "./private-pulse.ts";
import { writeWav } from "./wav.ts";

const RATE = 48_000;
const PERIOD_MS = 500;
/** A known delay that has to read back, ms. */
const KNOWN_MS = 12.5;
/** Time for buffers to settle, seconds. */
const SETTLE_SECONDS = 4;

/**
 * One clock for both ends: a null sink of two channels. What is played into `mouth` is its left channel, which the browser has for a
 * microphone; what the browser plays is its right channel. Its monitor holds both, sample by sample.
 */
const RIG = [
  `module-null-sink sink_name=rig rate=${RATE} channels=2 channel_map=front-left,front-right`,
  "module-remap-sink sink_name=mouth master=rig channels=1 channel_map=mono master_channel_map=front-left remix=no",
  "module-remap-sink sink_name=ear master=rig channels=1 channel_map=mono master_channel_map=front-right remix=no",
  "module-remap-source source_name=microphone master=rig.monitor channels=1 channel_map=mono master_channel_map=front-left remix=no",
];

type Row = {
  readonly path: DevicePath;
  readonly frameMs: number | null;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly chirps: number;
  readonly chirpsLost: number;
};

/**
 * `npm run bench -- latency --device`: from the microphone to the loudspeaker of a browser with real audio devices, which a private
 * PulseAudio server simulates: the devices by themselves, the engine, and the browser's own track. Throws where PulseAudio is missing.
 */
export async function runDeviceLatency({ quick, progress }: BenchOptions): Promise<BenchResult> {
  const seconds = quick ? 5 : 15;
  const folder = mkdtempSync(join(tmpdir(), "antiphon-device-"));
  const pulse = await startPrivatePulse(RIG, "microphone");
  try {
    pulse.control("set-default-sink", "ear");
    pulse.control("set-default-source", "microphone");
    const selfTestErrorMs = await selfTest(pulse, folder);
    progress(`a known delay reads back within ${selfTestErrorMs.toFixed(4)} ms`);
    if (!(selfTestErrorMs <= SELF_TEST_LIMIT_MS))
      throw new Error("The rig's self-test has failed: it measures nothing");
    const rows = await measurePaths({ pulse, folder, seconds, quick, progress });
    return {
      json: { device: "PulseAudio null sink", selfTestErrorMs, rows },
      table: deviceTable(rows, selfTestErrorMs),
    };
  } finally {
    pulse.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measurePaths(rig: {
  readonly pulse: PrivatePulse;
  readonly folder: string;
  readonly seconds: number;
  readonly quick: boolean;
  readonly progress: BenchOptions["progress"];
}): Promise<readonly Row[]> {
  const { pulse, folder, seconds, quick, progress } = rig;
  const served = await serveBenchPage("latency-device");
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    headless: false,
    ignoreDefaultArgs: ["--mute-audio"],
    args: chromiumSwitches.filter((name) => name !== "--use-fake-device-for-media-stream"),
    env: { ...(process.env as Record<string, string>), ...pulse.environment },
  });
  try {
    const page = await browser.newPage();
    await page.goto(served.url);
    await page.waitForFunction(() => "openDevicePath" in globalThis);
    const open = (path: DevicePath, frameMs: number): Promise<void> =>
      page.evaluate(
        ([name, ms]) =>
          (
            globalThis as unknown as { openDevicePath(path: DevicePath, frameMs: number): Promise<void> }
          ).openDevicePath(name, ms),
        [path, frameMs] as const,
      );
    const cells: readonly (readonly [DevicePath, number])[] = [
      ["direct", 0],
      ["native-webrtc", 20],
      ...(quick ? [2.5, 10] : [2.5, 5, 10, 20]).map((frameMs) => ["antiphon", frameMs] as const),
    ];
    const rows: Row[] = [];
    for (const [path, frameMs] of cells) {
      await open(path, frameMs);
      await new Promise((resolve) => setTimeout(resolve, SETTLE_SECONDS * 1_000));
      const { delaysMs, sent, lost } = await measureChirps(pulse, folder, chirps(seconds), "mouth");
      const delay = distributionOf(delaysMs);
      rows.push({
        path,
        frameMs: path === "antiphon" ? frameMs : null,
        p50Ms: delay?.p50 ?? null,
        p95Ms: delay?.p95 ?? null,
        p99Ms: delay?.p99 ?? null,
        chirps: sent,
        chirpsLost: lost,
      });
      progress(`${path} ${frameMs === 0 ? "" : `${frameMs} ms`}: p50 ${delay?.p50.toFixed(1) ?? "–"} ms`);
    }
    return rows;
  } finally {
    await browser.close();
    await served.close();
  }
}

/** Plays both channels of the rig at once, the right one later by what is known. */
async function selfTest(pulse: PrivatePulse, folder: string): Promise<number> {
  const [left = new Float32Array(0)] = chirps(4);
  const right = new Float32Array(left.length);
  right.set(left.subarray(0, -(KNOWN_MS * RATE) / 1_000), (KNOWN_MS * RATE) / 1_000);
  const { delaysMs } = await measureChirps(pulse, folder, [left, right], "rig");
  return delaysMs.length === 0 ? Number.NaN : Math.max(...delaysMs.map((ms) => Math.abs(ms - KNOWN_MS)));
}

/** Plays a train into a sink, records both ends meanwhile, and finds every chirp in both. */
async function measureChirps(
  pulse: PrivatePulse,
  folder: string,
  channels: readonly Float32Array[],
  sink: string,
): Promise<ChirpDelays> {
  const file = join(folder, "chirps.wav");
  writeWav(file, { sampleRate: RATE, channels: [...channels] }, "float32");
  const env = { ...process.env, ...pulse.environment };
  const recorder = spawn(
    "parec",
    ["--device=rig.monitor", "--format=float32le", `--rate=${RATE}`, "--channels=2", "--latency-msec=20", "--raw"],
    { env, stdio: ["ignore", "pipe", "ignore"] },
  );
  const chunks: Buffer[] = [];
  recorder.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  try {
    await new Promise((resolve) => setTimeout(resolve, 500));
    await new Promise<void>((resolve, reject) => {
      const player = spawn("paplay", [`--device=${sink}`, "--latency-msec=50", file], { env, stdio: "ignore" });
      player.once("error", reject);
      player.once("close", (code) => (code === 0 ? resolve() : reject(new Error(`paplay ended with ${code}`))));
    });
    await new Promise((resolve) => setTimeout(resolve, 700));
  } finally {
    recorder.kill();
  }
  const bytes = Buffer.concat(chunks);
  const frames = Math.floor(bytes.length / 8);
  const sent = new Float32Array(frames);
  const received = new Float32Array(frames);
  for (let frame = 0; frame < frames; frame++) {
    sent[frame] = bytes.readFloatLE(8 * frame);
    received[frame] = bytes.readFloatLE(8 * frame + 4);
  }
  return measureChirpDelays({ sampleRate: RATE, sent, received }, { periodMs: PERIOD_MS, maxDelayMs: 450 });
}

function chirps(seconds: number): readonly Float32Array[] {
  const train = new Float32Array(seconds * RATE);
  const chirp = createChirp({ sampleRate: RATE });
  const period = (PERIOD_MS * RATE) / 1_000;
  for (let at = period / 2; at + chirp.length < train.length; at += period) train.set(chirp, at);
  return [train];
}

function deviceTable(rows: readonly Row[], selfTestErrorMs: number): string {
  const floor = rows.find(({ path }) => path === "direct")?.p50Ms ?? undefined;
  const native = rows.find(({ path }) => path === "native-webrtc")?.p50Ms ?? undefined;
  const table = formatTable(
    "From the microphone to the loudspeaker, PulseAudio null sink, ms",
    ["path", "frame ms", "p50", "p95", "p99", "over the devices", "× native", "lost/chirps"],
    rows.map(({ path, frameMs, p50Ms, p95Ms, p99Ms, chirps: sent, chirpsLost }) => [
      ...[path, frameMs ?? undefined, p50Ms ?? undefined, p95Ms ?? undefined, p99Ms ?? undefined],
      p50Ms === null || floor === undefined ? undefined : p50Ms - floor,
      p50Ms === null || native === undefined ? undefined : p50Ms / native,
      `${chirpsLost}/${sent}`,
    ]),
  );
  return [
    table,
    "",
    `Self-test: a known delay read back within ${selfTestErrorMs.toFixed(4)} ms.`,
    "Direct: the microphone on the loudspeaker through an AudioContext, which is what the devices and the sound server cost.",
    "The engine's packets go round inside its network worker instead of over a data channel; the browser's track over loopback UDP.",
  ].join("\n");
}
