import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readWav, writeWav } from "../../../bench/wav.ts";
import { createSpeechLikeSignal } from "../../../src/engine/measurement/speech-like-signal.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "antiphon-render-"));
const input = join(folder, "in.wav");
const hasOpusTools = spawnSync("opusinfo", ["--version"]).error === undefined;

beforeAll(() => {
  writeWav(input, {
    sampleRate: 16_000,
    channels: [createSpeechLikeSignal({ sampleRate: 16_000, seconds: 3, seed: 6 })],
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the command without the set-up in front of it. */
function render(...args: readonly string[]): {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
} {
  return spawnSync(process.execPath, ["--import", "tsx", "bench/render.ts", ...args], { cwd: root, encoding: "utf8" });
}

describe("npm run render", () => {
  it("writes an Ogg Opus file as long as the input and prints one JSON document", () => {
    const output = join(folder, "out.ogg");
    const { stdout, status, stderr } = render(
      input,
      output,
      "--json",
      "--bitrate",
      "24000",
      "--frame",
      "40",
      "--fec",
      "--dtx",
    );
    expect(stderr).toBe("");
    expect(status).toBe(0);
    const report: unknown = JSON.parse(stdout);
    expect(report).toMatchObject({
      packets: expect.any(Number),
      bytes: expect.any(Number),
      inputLufs: expect.any(Number),
      outputLufs: expect.any(Number),
      outputTruePeakDb: expect.any(Number),
      speechPercent: expect.any(Number),
      secondsPerSecond: expect.any(Number),
    });
    expect(readFileSync(output).toString("latin1", 0, 4)).toBe("OggS");
    if (!hasOpusTools) return;
    const info = execFileSync("opusinfo", [output], { encoding: "utf8" });
    expect(info).toContain("Playback length: 0m:03.000s");
    expect(info).not.toContain("WARNING");
  });

  it("writes the processed signal as WAV, in line with the input", () => {
    const output = join(folder, "out.wav");
    const { status } = render(
      input,
      output,
      "--suppressor",
      "off",
      "--lufs",
      "off",
      "--activation",
      "open",
      "--high-pass",
      "off",
    );
    expect(status).toBe(0);
    const { sampleRate, channels } = readWav(output);
    expect(sampleRate).toBe(48_000);
    expect(channels).toHaveLength(1);
    const [processed = new Float32Array(0)] = channels;
    const [original = new Float32Array(0)] = readWav(input).channels;
    expect(processed).toHaveLength(3 * original.length);
    let [product, a, b] = [0, 0, 0];
    for (let i = 0; i < original.length; i++) {
      product += (processed[3 * i] ?? 0) * (original[i] ?? 0);
      a += (processed[3 * i] ?? 0) ** 2;
      b += (original[i] ?? 0) ** 2;
    }
    expect(product / Math.sqrt(a * b)).toBeGreaterThan(0.98);
  });

  it("starts from an exported settings document", () => {
    const document = join(folder, "settings.json");
    writeFileSync(
      document,
      JSON.stringify({ capture: { trimDb: -20, leveler: { isEnabled: false }, suppressor: { kind: "off" } } }),
    );
    const { stdout } = render(
      input,
      join(folder, "quiet.wav"),
      "--settings",
      document,
      "--json",
      "--activation",
      "open",
    );
    expect((JSON.parse(stdout) as { outputLufs: number }).outputLufs).toBeLessThan(-25);
  });

  it("says what is wrong with an option and writes nothing on standard output", () => {
    for (const args of [
      ["--suppressor", "foo"],
      ["--frame", "15"],
      ["--strength", "2"],
      ["--colour", "red"],
    ]) {
      const { status, stdout, stderr } = render(input, join(folder, "x.ogg"), ...args);
      expect(status).toBe(1);
      expect(stdout).toBe("");
      expect(stderr).toContain(args[0]);
    }
    expect(render(input).status).toBe(2);
  });
});
