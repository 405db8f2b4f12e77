import { expect } from "chai";
import { keepAwake } from "../../src/engine/keep-awake.ts";

describe("a context kept awake", () => {
  it("never renders an exact zero, and nothing that a converter of 24 bits could play", async () => {
    const context = new OfflineAudioContext({ length: 48_000, sampleRate: 48_000 });
    keepAwake(context);
    const samples = (await context.startRendering()).getChannelData(0);
    expect(samples.every((sample) => sample !== 0 && Math.abs(sample) < 2 ** -24)).to.equal(true);
  });
});
