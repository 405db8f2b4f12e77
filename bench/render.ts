import { readFileSync } from "node:fs";
import { captureOffline, type OfflineCapture } from "../src/engine/capture/offline-capture.ts";
import { wantedSuppressors } from "../src/engine/settings/capture-settings.ts";
import { coreModule } from "../test/support/core-module.ts";
import { gtcrnModule, rnnoiseModule } from "../test/support/suppressor-modules.ts";
import { atEngineRate } from "./at-engine-rate.ts";
import { formatTable } from "./format-table.ts";
import { OFFLINE_OPTIONS, readOfflineSettings } from "./offline-settings.ts";
import { writeOggFile } from "./ogg-file.ts";
import { readOptions } from "./read-options.ts";
import { integratedLufs, truePeakDb } from "./signal-loudness.ts";
import { type Audio, readWav, writeWav } from "./wav.ts";

/*
 * The capture chain offline: `npm run render -- in.wav out.ogg` writes what would be sent, `out.wav` what goes into the
 * encoder.
 */

const usage = `Usage: npm run render -- in.wav out.ogg|out.wav [options]

  --suppressor off|speex|rnnoise|gtcrn   --strength 0..1 (0 = untouched, 1 = no limit)
  --activation open|voice                --lufs -36..-14|off      --limiter on|off
  --trim dB                              --high-pass Hz|off       --channels 1|2
  --bitrate bit/s   --frame 2.5|5|10|20|40|60   --complexity 0..10   --fec on|off   --dtx on|off
  --settings FILE   an exported settings document to start from
  --json            print one JSON document and nothing else on standard output
`;

type RenderReport = {
  readonly packets: number;
  readonly bytes: number;
  readonly inputLufs: number;
  readonly outputLufs: number;
  readonly outputTruePeakDb: number;
  /** Share of the frames in which the detector heard voice, %. */
  readonly speechPercent: number;
  /** Seconds of audio processed in one second. */
  readonly secondsPerSecond: number;
  /** Delay of the processing, ms; taken off in both outputs. */
  readonly latencyMs: number;
};

const KNOWN = new Set([...OFFLINE_OPTIONS, "json", "settings"]);

async function main(args: readonly string[]): Promise<number> {
  const isOption = (arg: string): boolean => arg.startsWith("--");
  const [input, output] = args;
  if (input === undefined || output === undefined || isOption(input) || isOption(output)) {
    process.stderr.write(usage);
    return 2;
  }
  if (!/\.(ogg|opus|wav)$/i.test(output)) throw new RangeError(`Cannot write ${output}: it has to end in .ogg or .wav`);
  const values = new Map(readOptions(args.slice(2)));
  for (const name of values.keys())
    if (!KNOWN.has(name)) throw new RangeError(`There is no option --${name}\n\n${usage}`);
  const document = values.get("settings");
  const settings = readOfflineSettings(values, document === undefined ? undefined : readFileSync(document, "utf8"));
  const { sampleRate, channels } = readWav(input);
  const modules = wantedSuppressors(settings.capture);
  const started = performance.now();
  const capture = captureOffline({
    core: coreModule(),
    rnnoise: modules.includes("rnnoise") ? rnnoiseModule() : undefined,
    gtcrn: modules.includes("gtcrn") ? gtcrnModule() : undefined,
    capture: settings.capture,
    encoder: settings.encoder,
    channels: channels.slice(0, 2),
    sampleRate,
  });
  const seconds = (performance.now() - started) / 1000;
  if (/\.wav$/i.test(output)) writeWav(output, { sampleRate: 48_000, channels: capture.processed });
  else await writeOggFile(output, capture, settings.encoder.stereo ? 2 : 1);
  const report = describe({ sampleRate, channels }, capture, seconds);
  process.stdout.write(values.has("json") ? `${JSON.stringify(report, undefined, 2)}\n` : `${table(output, report)}\n`);
  return 0;
}

function describe(input: Audio, capture: OfflineCapture, seconds: number): RenderReport {
  const { packets, processed } = capture;
  const voiced = packets.filter(({ hasVoiceActivity }) => hasVoiceActivity).length;
  return {
    packets: packets.length,
    bytes: packets.reduce((sum, { payload }) => sum + payload.length, 0),
    inputLufs: integratedLufs(atEngineRate(input)),
    outputLufs: integratedLufs(processed),
    outputTruePeakDb: truePeakDb(processed),
    speechPercent: packets.length === 0 ? 0 : (100 * voiced) / packets.length,
    secondsPerSecond: capture.inputSamples / 48_000 / seconds,
    latencyMs: capture.latencySamples / 48,
  };
}

function table(output: string, report: RenderReport): string {
  const rows: readonly (readonly [string, string])[] = [
    ["packets", String(report.packets)],
    ["bytes", String(report.bytes)],
    ["loudness in → out", `${report.inputLufs.toFixed(1)} → ${report.outputLufs.toFixed(1)} LUFS`],
    ["true peak", `${report.outputTruePeakDb.toFixed(1)} dBTP`],
    ["speech", `${report.speechPercent.toFixed(1)} % of the frames`],
    ["latency", `${report.latencyMs.toFixed(1)} ms`],
    ["speed", `${report.secondsPerSecond.toFixed(0)} × real time`],
  ];
  return formatTable(output, ["", ""], rows);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
