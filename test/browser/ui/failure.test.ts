import { expect } from "chai";
import { VoiceError, type VoiceErrorCode } from "../../../src/engine/index.ts";
import "../../../src/ui/parts/antiphon-failure.ts";
import { actionLabels, adviceFor, type ErrorAction } from "../../../src/ui/parts/error-advice.ts";

/** Every code; one that is missing or too many does not compile. */
const codes: Readonly<Record<VoiceErrorCode, true>> = {
  "permission-denied": true,
  "no-microphone": true,
  "microphone-busy": true,
  overconstrained: true,
  "insecure-context": true,
  "audio-suspended": true,
  "output-unavailable": true,
  "signalling-unreachable": true,
  "room-full": true,
  "wrong-secret": true,
  intercepted: true,
  "not-admitted": true,
  "version-mismatch": true,
  "peer-unreachable": true,
  "worklet-failed": true,
  "wasm-failed": true,
  "storage-full": true,
  unsupported: true,
  closed: true,
};

/** What the page shows for `code`, and what its buttons ask for. */
async function show(code: VoiceErrorCode): Promise<{ readonly text: string; readonly acts: readonly ErrorAction[] }> {
  const failure = document.createElement("antiphon-failure");
  failure.error = new VoiceError(code, `Cannot do it: ${code} happened`);
  const acts: ErrorAction[] = [];
  failure.addEventListener("act", (event) => acts.push((event as CustomEvent<ErrorAction>).detail));
  document.body.append(failure);
  await failure.updateComplete;
  const text = [failure.shadowRoot?.querySelector("antiphon-callout")?.heading, failure.shadowRoot?.textContent].join();
  for (const button of failure.shadowRoot?.querySelectorAll("button") ?? []) button.click();
  failure.remove();
  return { text, acts };
}

describe("a failure on the page", () => {
  for (const code of Object.keys(codes) as VoiceErrorCode[]) {
    it(`of ${code} has a title, a remedy, the browser's own words, and buttons that act`, async () => {
      const { title, remedy, actions } = adviceFor(code, navigator.userAgent);
      const { text, acts } = await show(code);
      expect(remedy.length).to.be.at.least(20);
      expect(text).to.contain(title).and.to.contain(remedy).and.to.contain(`${code} happened (${code})`);
      expect(acts).to.deep.equal(actions);
      for (const action of actions) expect(text).to.contain(actionLabels[action]);
    });
  }

  it("tells errors apart: no two codes have the same title", () => {
    const titles = Object.keys(codes).map((code) => adviceFor(code as VoiceErrorCode, "").title);
    expect(new Set(titles).size).to.equal(titles.length);
  });

  it("leads each browser's user to the place where the microphone is allowed", () => {
    const remedies = ["Firefox/140", "Chrome/150 Safari/537", "Version/18 Safari/605", "Other"].map(
      (userAgent) => adviceFor("permission-denied", userAgent).remedy,
    );
    expect(new Set(remedies).size).to.equal(4);
  });
});
