import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readOfflineSettings } from "../../../bench/offline-settings.ts";
import { writeOggFile } from "../../../bench/ogg-file.ts";
import { captureOffline } from "../../../src/engine/capture/offline-capture.ts";
import { CodecModule } from "../../../src/engine/codec/codec-module.ts";
import { createSpeechLikeSignal } from "../../../src/engine/measurement/speech-like-signal.ts";
import { OggOpusWriter } from "../../../src/engine/recording/ogg-opus-writer.ts";
import { FRAME_DURATIONS } from "../../../src/engine/settings/encoder-settings.ts";
import { coreModule } from "../../support/core-module.ts";
import { encodeFrames } from "../../support/encode-frames.ts";

/** Long enough for pages that would be full if they took a second, and no multiple of any frame. */
const SAMPLES = 48_000 + 1_237;
const SPEECH = createSpeechLikeSignal({ sampleRate: 48_000, seconds: 2, seed: 8 }).slice(0, SAMPLES);
const CASES = FRAME_DURATIONS.flatMap((frame) =>
  ([6_000, 32_000, 510_000] as const).map((bitrate) => [frame, bitrate] as const),
);
const hasTools = spawnSync("opusinfo", ["-h"]).error === undefined && spawnSync("ffmpeg").error === undefined;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "antiphon-frames-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!hasTools)("an Ogg Opus file", () => {
  it.each(CASES)(
    "of %s ms frames at %i bit/s is clean and exactly as long by opusinfo, opusdec and ffmpeg",
    async (frame, bitrate) => {
      const { head, packets } = encodeFrames(CodecModule.instantiate(coreModule()), SPEECH, {
        frame: frame * 48,
        bitrate,
      });
      const pages: Uint8Array[] = [];
      const writer = await OggOpusWriter.open({ head, onPage: (page) => pages.push(page) });
      for (const packet of packets) await writer.add(packet, frame * 48);
      await writer.finish(SAMPLES);
      expect(Math.max(...pages.map(segmentsOf))).toBeLessThan(255);
      const path = join(folder, `${frame}-${bitrate}.opus`);
      writeFileSync(path, Buffer.concat(pages));
      expectCleanFile(path, SAMPLES);
    },
  );

  it.each(FRAME_DURATIONS)("rendered with frames of %s ms is clean and as long as the recording", async (frame) => {
    const { capture, encoder } = readOfflineSettings(
      new Map([
        ["frame", String(frame)],
        ["suppressor", "off"],
        ["activation", "open"],
        ["complexity", "0"],
      ]),
    );
    const rendered = captureOffline({ core: coreModule(), capture, encoder, channels: [SPEECH], sampleRate: 48_000 });
    const path = join(folder, `rendered-${frame}.opus`);
    await writeOggFile(path, rendered, 1);
    expectCleanFile(path, SAMPLES);
  });
});

function expectCleanFile(path: string, samples: number): void {
  const info = spawnSync("opusinfo", [path], { encoding: "utf8" });
  const said = `${info.stdout}${info.stderr}`;
  expect(info.status, said).toBe(0);
  expect(said).not.toMatch(/warning|error/i);
  const [, minutes, seconds] = /Playback length: (\d+)m:([\d.]+)s/.exec(said) ?? [];
  expect(Number(minutes) * 60 + Number(seconds)).toBeCloseTo(samples / 48_000, 2);
  execFileSync("opusdec", ["--quiet", "--rate", "48000", path, `${path}.wav`]);
  expect((readFileSync(`${path}.wav`).length - 44) / 2).toBe(samples);
  const raw = execFileSync("ffmpeg", ["-v", "error", "-i", path, "-f", "s16le", "-"], { maxBuffer: 1 << 24 });
  expect(raw.length / 2).toBe(samples);
}

/** RFC 3533 §6, field 9. */
function segmentsOf(page: Uint8Array): number {
  return page[26] ?? 0;
}
