import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { CodecModule } from "../../../src/engine/codec/codec-module.ts";
import { OpusEncoder } from "../../../src/engine/codec/opus-encoder.ts";
import type { OpusEncoderSettings } from "../../../src/engine/codec/opus-encoder-settings.ts";
import { coreModule, neuralModule } from "../../support/core-module.ts";
import { deterministicSignal } from "../../support/deterministic-signal.ts";

const FRAME = 960;
const FRAMES = 150;

/** SHA-256 over the packets of the fixed input, and their bytes in all. */
function encodeFixedInput(module: WebAssembly.Module, settings: Partial<OpusEncoderSettings>) {
  const encoder = new OpusEncoder(CodecModule.instantiate(module), { channels: 1, application: "voip" });
  encoder.configure({ complexity: 9, bitrate: 32_000, ...settings });
  const input = deterministicSignal(FRAME * FRAMES);
  const hash = createHash("sha256");
  let bytes = 0;
  for (let frame = 0; frame < FRAMES; frame++) {
    encoder.input.set(input.subarray(frame * FRAME, (frame + 1) * FRAME));
    const length = encoder.encode(FRAME);
    expect(length).toBeGreaterThan(0);
    hash.update(encoder.output.subarray(0, length));
    bytes += length;
  }
  encoder.close();
  return { hash: hash.digest("hex").slice(0, 16), bytes };
}

/*
 * A compiler that gets an optimisation wrong still makes a codec that runs: emcc 3.1.6 without -ffp-contract=off makes one whose DRED is
 * smaller and wrong. These hashes were taken from builds that sound right and decode elsewhere; a deliberate change of source,
 * flags or compiler renews them, after listening.
 */
describe("the packets of a fixed input", () => {
  const cases = [
    { name: "core", module: coreModule, settings: {} },
    { name: "core with FEC", module: coreModule, settings: { fec: true, expectedLossPercent: 10 } },
    { name: "core at complexity 5", module: coreModule, settings: { complexity: 5 } },
    {
      name: "neural with DRED",
      module: neuralModule,
      settings: { bitrate: 48_000, expectedLossPercent: 20, dredDuration: 100 },
    },
  ] as const;
  const known: Readonly<Record<string, { readonly hash: string; readonly bytes: number }>> = {
    core: { hash: "755b794952adb37c", bytes: 11_189 },
    "core with FEC": { hash: "6d90b383c86a72cf", bytes: 10_960 },
    "core at complexity 5": { hash: "abe5c62155f8eb11", bytes: 10_962 },
    "neural with DRED": { hash: "3a925066be60675b", bytes: 13_689 },
  };

  for (const { name, module, settings } of cases) {
    it(`are the known ones: ${name}`, () => {
      expect(encodeFixedInput(module(), settings)).toEqual(known[name]);
    });
  }

  it("are the same from both modules where nothing neural is asked for", () => {
    expect(encodeFixedInput(neuralModule(), { complexity: 4 })).toEqual(
      encodeFixedInput(coreModule(), { complexity: 4 }),
    );
  });
});
