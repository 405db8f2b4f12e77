import { mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ImpairmentProfile } from "../src/engine/measurement/impairment.ts";
import { NETWORK_PROFILES } from "../src/engine/measurement/network-profiles.ts";
import { createSpeechLikeSignal } from "../src/engine/measurement/speech-like-signal.ts";
import { UdpRelay } from "../test/support/udp-relay.ts";
import type { BenchOptions, BenchResult } from "./bench-result.ts";
import { serveCurrentPage } from "./browser/serve-current-page.ts";
import { serveBenchPage } from "./browser/serve-page.ts";
import { formatTable } from "./format-table.ts";
import { openAntiphonCall } from "./network-antiphon.ts";
import type { NetworkCall, NetworkCallOptions } from "./network-call.ts";
import { measureCall, type NetworkRow, rowOf } from "./network-measurement.ts";
import { openNativeCall } from "./network-native.ts";
import { saveRecordings } from "./network-recordings.ts";
import { measureVirtualCall } from "./network-virtual.ts";
import { readWav, writeWav } from "./wav.ts";

/** Profiles of a quick run: a lossy one and the narrow one. */
const QUICK_PROFILES: readonly string[] = ["burst10", "rate40"];

const SAMPLE_RATE = 48_000;

type Path = NetworkRow["path"];

/**
 * `npm run bench -- network`: a call of two browser processes through an impaired relay, once with the engine and once with the
 * browser's own WebRTC audio. `--profiles a,b`, `--paths antiphon,native-webrtc`, `--seconds N`, `--settle N`, `--seed N`,
 * `--speech FILE.wav` (48 kHz; default: synthesised), `--neural` (DRED and deep concealment), `--save DIR` (what was heard, as WAV),
 * `--virtual` (the engine's parts in virtual time instead, over a model of the data channel: no browser, the same every time).
 */
export async function run(options: BenchOptions): Promise<BenchResult> {
  const plan = readPlan(options);
  const microphones = prepareMicrophones(plan.speech);
  const server = plan.paths.includes("antiphon") ? await serveCurrentPage(options.progress) : undefined;
  const nativePage = plan.paths.includes("native-webrtc") ? await serveBenchPage("network-native") : undefined;
  const rows: NetworkRow[] = [];
  try {
    for (const profile of plan.profiles) {
      for (const path of plan.paths) {
        options.progress(`${profile.name}: ${path}`);
        const relay = new UdpRelay(plan.seed);
        const callOptions: NetworkCallOptions = { microphones: microphones.paths, relay };
        let call: NetworkCall | undefined;
        try {
          if (path === "antiphon-virtual") {
            const measured = measureVirtualCall(profile, { ...plan, speech: microphones.speech });
            rows.push(rowOf(path, profile, measured));
            if (plan.save !== undefined) saveRecordings(join(plan.save, profile.name), path, measured);
            continue;
          }
          call =
            path === "antiphon"
              ? await openAntiphonCall(server?.url ?? "", { ...callOptions, neural: plan.neural })
              : await openNativeCall(nativePage?.url ?? "", callOptions);
          const measurement = await measureCall(call, relay, profile, plan);
          rows.push(rowOf(path, profile, measurement));
          if (plan.save !== undefined) saveRecordings(join(plan.save, profile.name), path, measurement);
        } finally {
          await call?.close();
          await relay.close();
        }
      }
    }
  } finally {
    await server?.close();
    await nativePage?.close();
    microphones.remove();
  }
  return { json: { rows }, table: tableOf(rows, plan) };
}

type Plan = {
  readonly profiles: readonly ImpairmentProfile[];
  readonly paths: readonly Path[];
  readonly settleMs: number;
  readonly measureMs: number;
  readonly seed: number;
  readonly speech: string | undefined;
  readonly neural: boolean;
  readonly save: string | undefined;
};

function readPlan({ quick, values }: BenchOptions): Plan {
  const wanted =
    values.get("profiles")?.split(",") ?? (quick ? QUICK_PROFILES : NETWORK_PROFILES.map(({ name }) => name));
  const profiles = wanted.map((name) => {
    const profile = NETWORK_PROFILES.find((known) => known.name === name);
    if (profile === undefined) throw new RangeError(`Cannot find a network profile named ${name}`);
    return profile;
  });
  const all: readonly Path[] = values.has("virtual") ? ["antiphon-virtual"] : ["antiphon", "native-webrtc"];
  const paths = values.get("paths")?.split(",");
  return {
    profiles,
    paths: all.filter((path) => paths === undefined || paths.includes(path)),
    // Two browsers that start up on one machine disturb each other for some seconds, which no network does.
    settleMs: 1000 * Number(values.get("settle") ?? (quick ? 10 : 20)),
    measureMs: 1000 * Number(values.get("seconds") ?? (quick ? 6 : 30)),
    seed: Number(values.get("seed") ?? 1),
    speech: values.get("speech"),
    neural: values.has("neural"),
    save: values.get("save"),
  };
}

/** Writes what each side says to WAV files for the synthetic microphones. */
function prepareMicrophones(speech: string | undefined): {
  readonly paths: { readonly near: string; readonly far: string };
  /** What the near side says. */
  readonly speech: Float32Array;
  remove(): void;
} {
  const folder = join(tmpdir(), `antiphon-network-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const write = (side: string, seed: number): string => {
    const path = join(folder, `${side}.wav`);
    const signal = (): Float32Array =>
      createSpeechLikeSignal({ sampleRate: SAMPLE_RATE, seconds: 47, seed, pitchHz: 100 + 40 * seed });
    const audio = speech === undefined ? { sampleRate: SAMPLE_RATE, channels: [signal()] } : readWav(speech);
    writeWav(path, audio, "pcm16");
    return path;
  };
  const paths = { near: write("near", 1), far: write("far", 2) };
  const said = readWav(paths.near).channels[0] ?? new Float32Array(0);
  return { paths, speech: said, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function tableOf(rows: readonly NetworkRow[], plan: Plan): string {
  const table = formatTable(
    "A call through an impaired relay, both directions together",
    [
      "profile",
      "path",
      "heard p50 ms",
      "p95 ms",
      "growth ms",
      "concealed %",
      "in speech %",
      "kb/s",
      "dropped %",
      "recovery ms",
    ],
    rows.map((row) => [
      row.profile,
      row.path,
      row.delayP50Ms ?? undefined,
      row.delayP95Ms ?? undefined,
      row.delayGrowthMs ?? undefined,
      row.concealedPercent,
      row.concealedSpeechPercent,
      Math.round(row.bitrate / 1000),
      row.droppedPercent,
      row.recoveryMs ?? undefined,
    ]),
  );
  const notes = [
    `Per call ${plan.settleMs / 1000} s to settle and ${plan.measureMs / 1000} s measured, seed ${plan.seed}${plan.neural ? ", neural codec" : ""}.`,
    "Heard delay: from a tap of the speaker's microphone to a tap of what the listener's page puts out, by matching speech; it excludes",
    "the devices, and holds for the native track a bridge into Web Audio. The page paints its meters twice a second only. Taps are placed by the machine's clock, to about a millisecond.",
    "kb/s: one direction on the wire with all headers. Recovery: from the end of an outage until speech is heard again, longest.",
  ];
  return `${table}\n\n${notes.join("\n")}`;
}
