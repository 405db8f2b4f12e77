import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CodecModule } from "../../../src/engine/codec/codec-module.ts";
import { OpusDecoder } from "../../../src/engine/codec/opus-decoder.ts";
import { readOggOpus } from "../../../src/engine/recording/ogg-opus-reader.ts";
import { OggOpusWriter } from "../../../src/engine/recording/ogg-opus-writer.ts";
import { OpusTrackEncoder } from "../../../src/engine/recording/opus-track-encoder.ts";
import { coreModule } from "../../support/core-module.ts";

const LENGTHS = [1, 959, 960, 961, 48_000, 123_457];

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "antiphon-ogg-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("an Ogg Opus file", () => {
  it.each(LENGTHS)("of %i samples reads back with exactly that length", async (samples) => {
    const { file } = await record(samples);
    const recording = await readOggOpus(file);
    expect(recording.totalSamples).toBe(samples);
    expect(decode(recording.packets).length - recording.head.preSkip).toBeGreaterThanOrEqual(samples);
  });

  it.each(LENGTHS)("of %i samples passes opusinfo and opusdec", async (samples) => {
    const { file } = await record(samples);
    const path = join(folder, `${samples}.opus`);
    writeFileSync(path, file);
    if (spawnSync("opusinfo", ["-h"]).error !== undefined) return;
    const info = spawnSync("opusinfo", [path], { encoding: "utf8" });
    expect(info.status).toBe(0);
    expect(`${info.stdout}${info.stderr}`).not.toMatch(/warning|error/i);
    execFileSync("opusdec", ["--quiet", "--rate", "48000", path, `${path}.wav`]);
    expect((readFileSync(`${path}.wav`).length - 44) / 2).toBe(samples);
  });

  it("that breaks off gives the packets of its complete pages", async () => {
    const { file } = await record(480_000);
    const whole = await readOggOpus(file);
    const draft = await readOggOpus(file.slice(0, Math.floor(file.length * 0.7)));
    expect(draft.packets.length).toBeGreaterThan(whole.packets.length * 0.55);
    draft.packets.forEach((packet, index) => {
      expect(packet).toEqual(whole.packets[index]);
    });
  });

  it("refuses what is no Ogg Opus file with a reason", async () => {
    await expect(readOggOpus(new Uint8Array(5000))).rejects.toMatchObject({ code: "unsupported" });
    await expect(readOggOpus(new Uint8Array(0))).rejects.toMatchObject({ code: "unsupported" });
  });

  it("keeps a tone where it was in time", async () => {
    const { file, left } = await record(96_000);
    const { packets, head } = await readOggOpus(file);
    const decoded = decode(packets).subarray(head.preSkip, head.preSkip + 96_000);
    expect(bestLag(left, decoded)).toBe(0);
  });
});

async function record(samples: number): Promise<{ file: Uint8Array<ArrayBuffer>; left: Float32Array }> {
  const left = new Float32Array(samples);
  for (let i = 0; i < samples; i += 1) left[i] = 0.3 * Math.sin(i * 0.03 + 3 * Math.sin(i * 0.0007));
  const pages: Uint8Array[] = [];
  const packets: Uint8Array[] = [];
  const encoder = new OpusTrackEncoder({
    codec: CodecModule.instantiate(coreModule()),
    channels: 1,
    settings: { application: "audio" },
    onPacket: (packet) => packets.push(packet.slice()),
  });
  encoder.write(left, left, 0, samples);
  encoder.finish();
  const writer = await OggOpusWriter.open({ head: encoder.head, onPage: (page) => pages.push(page) });
  for (const packet of packets) await writer.add(packet, 960);
  await writer.finish(samples);
  return { file: new Uint8Array(Buffer.concat(pages)), left };
}

function decode(packets: readonly Uint8Array[]): Float32Array {
  const decoder = new OpusDecoder(CodecModule.instantiate(coreModule()), { channels: 1 });
  const pieces = packets.map((packet) => decoder.output.slice(0, decoder.decode(packet, 0, packet.length)));
  const all = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

function bestLag(reference: Float32Array, signal: Float32Array): number {
  let best = 0;
  let bestSum = Number.NEGATIVE_INFINITY;
  for (let lag = -200; lag <= 200; lag += 1) {
    let sum = 0;
    for (let i = 10_000; i < 40_000; i += 1) sum += (reference[i] ?? 0) * (signal[i + lag] ?? 0);
    if (sum > bestSum) {
      bestSum = sum;
      best = lag;
    }
  }
  return best;
}
