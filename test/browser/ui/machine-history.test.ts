import { expect } from "chai";
import type { MachineCounters } from "../../../src/ui/controllers/machine-counters.ts";
import { MachineHistory } from "../../../src/ui/controllers/machine-history.ts";

const counters = (underruns: number, costMs: number, overruns = 0): MachineCounters => ({
  underruns,
  costMs,
  overruns,
});

describe("the history of this machine", () => {
  it("shows what happened between two samples, and the load as a share of one core", () => {
    const history = new MachineHistory();
    history.sample(counters(3, 100), { at: 10_000, now: 0 });
    history.sample(counters(5, 110, 1), { at: 10_500, now: 500 });
    expect(history.samples).to.deep.equal([{ at: 10_500, underruns: 2, captureLoadPercent: 2, overruns: 1 }]);
  });

  it("leaves a gap where a counter starts over or is not there", () => {
    const history = new MachineHistory();
    history.sample(counters(3, 100), { at: 0, now: 0 });
    history.sample({ ...counters(0, 4), overruns: undefined }, { at: 500, now: 500 });
    expect(history.samples).to.deep.equal([
      { at: 500, underruns: undefined, captureLoadPercent: undefined, overruns: undefined },
    ]);
  });

  it("keeps four minutes, and nothing of the call before", () => {
    const history = new MachineHistory();
    for (let now = 0; now <= 300_000; now += 500) history.sample(counters(0, now / 50), { at: now, now });
    expect(history.samples).to.have.length(480);
    expect(history.samples.at(-1)?.at).to.equal(300_000);
    history.clear();
    expect(history.samples).to.deep.equal([]);
  });
});
