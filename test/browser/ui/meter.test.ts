import { expect } from "chai";
import { MeterBallistics, meterPosition } from "../../../src/ui/parts/meter-ballistics.ts";
import { isSamePicture, meterPicture } from "../../../src/ui/parts/meter-painting.ts";

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

  it("is the same picture until a pixel changes", () => {
    const meter = new MeterBallistics({ holdMs: 2000 });
    meter.update({ peakDb: -30, rmsDb: -40 }, 0);
    const painted = meterPicture(meter, 120);
    expect(painted).to.deep.equal({ length: 120, bar: 60, rms: 40, held: 60, isHeldHot: false, isClipped: false });
    expect(isSamePicture(painted, undefined)).to.equal(false);
    meter.update({ peakDb: -60, rmsDb: -40 }, 10);
    expect(isSamePicture(meterPicture(meter, 120), painted), "0.1 dB lower").to.equal(true);
    expect(isSamePicture(meterPicture(meter, 240), painted), "twice as long").to.equal(false);
    meter.update({ peakDb: -60, rmsDb: -40 }, 200);
    expect(isSamePicture(meterPicture(meter, 120), painted), "2.4 dB lower").to.equal(false);
  });

  it("shows no marker at its floor", () => {
    const meter = new MeterBallistics({ holdMs: 2000 });
    meter.update({ peakDb: -90, rmsDb: -90 }, 0);
    expect(meterPicture(meter, 120)).to.include({ bar: 0, rms: -1, held: -1 });
  });
});
