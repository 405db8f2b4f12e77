import { css, html, LitElement, type TemplateResult } from "lit";
import type { MachineSample } from "../../controllers/machine-history.ts";
import type { VoiceSession } from "../../controllers/voice-session.ts";
import "../../parts/antiphon-live-plot.ts";
import type { PlotLine, PlotPoints } from "../../parts/antiphon-live-plot.ts";

type Figure = Exclude<keyof MachineSample, "at">;

const loadLines: readonly PlotLine[] = [{ label: "microphone's chain and encoder", colour: "accent" }];
const gapLines: readonly PlotLine[] = [
  { label: "output ran dry", colour: "bad" },
  { label: "frames not sent", colour: "warn", isDashed: true },
];

/** What a call costs this machine over the last minutes, and where it fell behind. */
export class AntiphonMachinePlots extends LitElement {
  static override properties = { session: { attribute: false } };
  static override styles = css`
    :host {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(min(300px, 100%), 1fr));
      gap: var(--antiphon-space-4) var(--antiphon-space-5);
    }
  `;

  declare session: VoiceSession;
  readonly #load = (): PlotPoints => this.#points("captureLoadPercent");
  readonly #gaps = (): PlotPoints => this.#points("underruns", "overruns");

  protected override render(): TemplateResult {
    return html`
      <antiphon-live-plot heading="Load" unit="%" .lines=${loadLines} .source=${this.#load}></antiphon-live-plot>
      <antiphon-live-plot heading="Gaps" unit="" .lines=${gapLines} .source=${this.#gaps}></antiphon-live-plot>
    `;
  }

  #points(...figures: readonly Figure[]): PlotPoints {
    const { samples } = this.session.figures.machine;
    return {
      times: samples.map(({ at }) => at / 1000),
      values: figures.map((figure) => samples.map((sample) => sample[figure])),
    };
  }
}

customElements.define("antiphon-machine-plots", AntiphonMachinePlots);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-machine-plots": AntiphonMachinePlots;
  }
}
