import { expect } from "chai";
import { faderGain, faderPosition } from "../../../src/ui/parts/antiphon-fader.ts";
import "../../../src/ui/parts/antiphon-slider.ts";
import { settingsStore } from "../../../src/ui/controllers/settings-store.ts";
import { linkifiedText } from "../../../src/ui/parts/linkified-text.ts";

describe("a fader", () => {
  it("has 0 dB where it says, silence at the bottom and +12 dB at the top", () => {
    expect(faderGain(faderPosition(0))).to.equal(0);
    expect(faderGain(0)).to.equal(Number.NEGATIVE_INFINITY);
    expect(faderGain(1)).to.equal(12);
  });

  it("comes back to every gain it is set to, within a tenth of a dB", () => {
    for (let gainDb = -59.5; gainDb <= 12; gainDb += 0.5) {
      expect(faderGain(faderPosition(gainDb)), `${gainDb} dB`).to.be.closeTo(gainDb, 0.1);
    }
  });
});

describe("a slider", () => {
  it("tells its new value, bounded and stepped", async () => {
    const slider = document.createElement("antiphon-slider");
    Object.assign(slider, { label: "Cutoff", min: 20, max: 300, step: 1, value: 80, log: true });
    document.body.append(slider);
    await slider.updateComplete;
    const values: number[] = [];
    slider.addEventListener("change", (event) => values.push((event as CustomEvent<number>).detail));
    const input = slider.shadowRoot?.querySelector("input");
    for (const position of ["0", "500", "1000"]) {
      if (input) input.value = position;
      input?.dispatchEvent(new Event("input"));
    }
    slider.remove();
    expect(values).to.deep.equal([20, 77, 300]);
  });
});

describe("a text of the chat", () => {
  it("links only addresses of the web, without the full stop after them", () => {
    const parts = linkifiedText("See https://example.org/a(b). Not javascript:alert(1) nor <b>this</b>");
    expect(parts.filter((part) => typeof part !== "string")).to.have.length(1);
    expect(parts.at(-1)).to.contain("javascript:alert(1) nor <b>this</b>");
  });
});

describe("the settings of the page", () => {
  it("take back a drag as one step", () => {
    const before = settingsStore.settings;
    for (let trimDb = 1; trimDb <= 10; trimDb++) settingsStore.set("capture.trimDb", trimDb);
    settingsStore.undo();
    expect(settingsStore.settings.capture.trimDb).to.equal(before.capture.trimDb);
    settingsStore.redo();
    expect(settingsStore.settings.capture.trimDb).to.equal(10);
    settingsStore.undo();
  });

  it("keep what is usable of a damaged file and say what was not", () => {
    const text = JSON.stringify({ capture: { trimDb: 3, limiter: { ceilingDb: "loud" } }, unknown: true });
    const problems = settingsStore.importText(text);
    expect(problems.map(({ path }) => path)).to.deep.equal(["capture.limiter.ceilingDb"]);
    expect(settingsStore.settings.capture.trimDb).to.equal(3);
    settingsStore.undo();
  });
});
