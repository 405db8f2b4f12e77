import { describe, expect, it } from "vitest";
import { warmUpCodec } from "../../../src/engine/codec/warm-up-codec.ts";
import { coreModule, neuralModule } from "../../support/core-module.ts";

describe("warming up a codec", () => {
  it.each([
    ["core", coreModule],
    ["neural", neuralModule],
  ] as const)("goes through all of the %s module in small steps", (_, module) => {
    const steps = [...warmUpCodec(module())];
    expect(steps.length).toBeGreaterThanOrEqual(8);
  });

  it("refuses a module that is not ours", () => {
    const empty = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
    expect(() => [...warmUpCodec(empty)]).toThrow("Cannot use a WebAssembly module");
  });
});
