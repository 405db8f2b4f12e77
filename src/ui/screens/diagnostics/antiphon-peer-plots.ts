import { css, html, LitElement, type TemplateResult } from "lit";
import type { Peer } from "../../../engine/index.ts";
import type { FigureSample } from "../../controllers/figure-history.ts";
import type { VoiceSession } from "../../controllers/voice-session.ts";
import "../../parts/antiphon-live-plot.ts";
import type { PlotLine, PlotPoints } from "../../parts/antiphon-live-plot.ts";

type Figure = Exclude<keyof FigureSample, "at">;
type Plot = {
  readonly heading: string;
  readonly unit: string;
  readonly lines: readonly (PlotLine & { readonly figure: Figure })[];
};

const plots: readonly Plot[] = [
  {
    heading: "Jitter buffer",
    unit: "ms",
    lines: [
      { label: "delay", colour: "accent", figure: "currentDelayMs" },
      { label: "target", colour: "warn", figure: "targetDelayMs", isDashed: true },
    ],
  },
  {
    heading: "Way",
    unit: "ms",
    lines: [
      { label: "round trip", colour: "accent", figure: "roundTripMs" },
      { label: "jitter", colour: "warn", figure: "jitterMs", isDashed: true },
    ],
  },
  {
    heading: "Loss",
    unit: "%",
    lines: [
      { label: "lost", colour: "bad", figure: "lossPercent" },
      { label: "concealed", colour: "warn", figure: "concealedPercent", isDashed: true },
    ],
  },
  {
    heading: "Bitrate",
    unit: "kb/s",
    lines: [
      { label: "received", colour: "accent", figure: "receivedKbps" },
      { label: "sent", colour: "ok", figure: "sentKbps", isDashed: true },
    ],
  },
  { heading: "Clock drift", unit: "ppm", lines: [{ label: "drift", colour: "accent", figure: "driftPpm" }] },
];

/** The figures of one connection over the last minutes. */
export class AntiphonPeerPlots extends LitElement {
  static override properties = { session: { attribute: false }, peer: { attribute: false } };
  static override styles = css`
    :host {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(min(340px, 100%), 1fr));
      gap: var(--antiphon-space-4) var(--antiphon-space-5);
    }
  `;

  declare session: VoiceSession;
  declare peer: Peer;
  readonly #sources = new Map<string, () => PlotPoints>(
    plots.map(({ heading, lines }) => [heading, () => this.#points(lines.map(({ figure }) => figure))]),
  );

  protected override render(): readonly TemplateResult[] {
    return plots.map(
      ({ heading, unit, lines }) => html`
        <antiphon-live-plot
          heading=${heading}
          unit=${unit}
          .lines=${lines}
          .source=${this.#sources.get(heading)}
        ></antiphon-live-plot>
      `,
    );
  }

  #points(figures: readonly Figure[]): PlotPoints {
    const samples = this.session.figures.of(this.peer);
    return {
      times: samples.map(({ at }) => at / 1000),
      values: figures.map((figure) => samples.map((sample) => sample[figure])),
    };
  }
}

customElements.define("antiphon-peer-plots", AntiphonPeerPlots);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-peer-plots": AntiphonPeerPlots;
  }
}
