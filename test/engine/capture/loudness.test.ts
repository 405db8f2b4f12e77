import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { truePeakDb } from "../../../bench/signal-loudness.ts";
import { writeWav } from "../../../bench/wav.ts";
import { LoudnessMeter } from "../../../src/engine/capture/loudness-meter.ts";
import { createSpeechLikeSignal } from "../../../src/engine/measurement/speech-like-signal.ts";
import { createNoise, mix } from "../../support/noise.ts";
import { levelDb, mono, runChain } from "../../support/offline-chain.ts";

const RATE = 48_000;
const speech = createSpeechLikeSignal({ sampleRate: RATE, seconds: 12, seed: 3 });
const hasFfmpeg = spawnSync("ffmpeg", ["-version"]).status === 0;
const folder = mkdtempSync(join(tmpdir(), "antiphon-loudness-"));
afterAll(() => rmSync(folder, { recursive: true }));

const lufs = (samples: Float32Array, right = samples): number => {
  const meter = new LoudnessMeter();
  meter.process(samples, right, 0, samples.length);
  return meter.integratedLufs;
};

const scaled = (samples: Float32Array, targetLufs: number): Float32Array => {
  const gain = 10 ** ((targetLufs - lufs(samples)) / 20);
  return samples.map((sample) => sample * gain);
};

/** What ffmpeg's independent meter says: integrated loudness and true peak. */
function ebur128(samples: Float32Array): { readonly lufs: number; readonly truePeakDb: number } {
  const path = join(folder, "signal.wav");
  writeWav(path, { sampleRate: RATE, channels: [samples] }, "float32");
  const script = 'ffmpeg -hide_banner -nostats -i "$0" -af ebur128=peak=true -f null - 2>&1';
  const report = execFileSync("sh", ["-c", script, path], { encoding: "utf8" });
  const summary = report.slice(report.lastIndexOf("Summary:"));
  const read = (pattern: RegExp): number => Number(pattern.exec(summary)?.[1]);
  return { lufs: read(/I:\s+(-?[\d.]+) LUFS/), truePeakDb: read(/Peak:\s+(-?[\d.]+) dBFS/) };
}

describe("the loudness meter", () => {
  it("reads −3.01 LUFS for a mono sine of 997 Hz at full scale, and 0 LUFS with the same in both channels", () => {
    const sine = Float32Array.from({ length: 5 * RATE }, (_, n) => Math.sin((2 * Math.PI * 997 * n) / RATE));
    expect(lufs(sine)).toBeCloseTo(-3.01, 1);
    expect(lufs(sine, sine.slice())).toBeCloseTo(0, 1);
  });

  it("leaves silence between phrases out of the integrated loudness", () => {
    const padded = new Float32Array(speech.length * 2);
    padded.set(speech);
    expect(lufs(padded)).toBeCloseTo(lufs(speech), 0);
  });

  it.skipIf(!hasFfmpeg)("agrees with ffmpeg's ebur128 within 0.1 LU", () => {
    const noisy = mix(speech, createNoise("pink", 12, -40));
    expect(lufs(noisy)).toBeCloseTo(ebur128(noisy).lufs, 0);
    expect(Math.abs(lufs(noisy) - ebur128(noisy).lufs)).toBeLessThanOrEqual(0.1);
  });
});

describe("the leveler", () => {
  const results = [-40, -23, -8].map((inputLufs) => ({
    inputLufs,
    output: mono(runChain([scaled(speech, inputLufs)], [{ encoder: { complexity: 0 } }])),
  }));

  for (const { inputLufs, output } of results) {
    it(`brings speech at ${inputLufs} LUFS to −18 ± 1 LUFS within 3 s, with true peaks under −1 dBTP`, () => {
      const settled = output.subarray(3 * RATE);
      expect(Math.abs(lufs(settled) + 18)).toBeLessThanOrEqual(1);
      expect(truePeakDb([output])).toBeLessThanOrEqual(-1);
      if (!hasFfmpeg) return;
      const independent = ebur128(settled);
      expect(Math.abs(independent.lufs + 18)).toBeLessThanOrEqual(1);
      expect(ebur128(output).truePeakDb).toBeLessThanOrEqual(-1);
    });
  }

  it("does not lift the background of a quiet speaker above −50 dBFS once he is silent", () => {
    const quiet = new Float32Array(12 * RATE);
    quiet.set(scaled(speech, -40).subarray(0, 6 * RATE));
    const room = createNoise("pink", 12, -62);
    for (const kind of ["off", "rnnoise"] as const) {
      const patch = { capture: { suppressor: { kind }, activation: { mode: "open" as const } } };
      const output = mono(runChain([mix(quiet, room)], [patch, { encoder: { complexity: 0 } }]));
      expect(levelDb(output, 8)).toBeLessThanOrEqual(-50);
      expect(levelDb(output.subarray(0, 6 * RATE), 3)).toBeGreaterThan(-30);
    }
  });

  it("does not touch the level when it is off", () => {
    const output = mono(
      runChain([speech], [{ capture: { leveler: { isEnabled: false }, suppressor: { kind: "off" } } }]),
    );
    expect(lufs(output)).toBeCloseTo(lufs(speech), 0);
  });
});
