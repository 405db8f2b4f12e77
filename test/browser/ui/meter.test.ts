import { expect } from "chai";
import { MeterBallistics, meterPosition } from "../../../src/ui/parts/meter-ballistics.ts";

describe("a level meter", () => {
  it("rises at once and falls by 20 dB in 1.7 s", () => {
    const meter = new MeterBallistics({ holdMs: 2000 });
    meter.update({ peakDb: -6, rmsDb: -12 }, 0);
    expect(meter.barDb).to.equal(-6);
    meter.update({ peakDb: -120, rmsDb: -120 }, 1700);
    expect(meter.barDb).to.be.closeTo(-26, 0.05);
  });

  it("holds the peak for its time and keeps the clip lamp on until it is put out", () => {
    const meter = new MeterBallistics({ holdMs: 2000 });
    meter.update({ peakDb: 0.5, rmsDb: -3 }, 0);
    meter.update({ peakDb: -40, rmsDb: -50 }, 1900);
    expect(meter.heldDb).to.equal(0.5);
    meter.update({ peakDb: -40, rmsDb: -50 }, 2100);
    expect(meter.heldDb).to.be.below(-20);
    expect(meter.isClipped).to.equal(true);
    meter.clearClip();
    expect(meter.isClipped).to.equal(false);
  });

  it("takes what is not a number for silence", () => {
    const meter = new MeterBallistics({ holdMs: 2000 });
    meter.update({ peakDb: Number.NaN, rmsDb: Number.NEGATIVE_INFINITY }, 0);
    expect([meter.barDb, meter.rmsDb].map(meterPosition)).to.deep.equal([0, 0]);
  });
});
