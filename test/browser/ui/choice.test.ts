import { expect } from "chai";
import "../../../src/ui/parts/antiphon-choice.ts";

describe("a choice", () => {
  it("shows a value that none of its options has, as imported settings may bring", async () => {
    const choice = document.createElement("antiphon-choice");
    choice.label = "Latency";
    choice.options = [
      { value: "0", label: "Least" },
      { value: "playback", label: "Safest" },
    ];
    choice.value = "0.02";
    document.body.append(choice);
    await choice.updateComplete;
    const select = choice.shadowRoot?.querySelector("select");
    expect(select?.value).to.equal("0.02");
    choice.value = "playback";
    await choice.updateComplete;
    expect(select?.value).to.equal("playback");
    expect(select?.options.length).to.equal(2);
    choice.remove();
  });
});
