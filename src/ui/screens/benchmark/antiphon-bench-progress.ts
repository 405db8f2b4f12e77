import { css, html, LitElement, type TemplateResult } from "lit";
import { describeChunk, type LatencyPhase, type LatencyProgress } from "../../../engine/index.ts";
import "../../parts/antiphon-icon.ts";
import { baseStyles, controlStyles } from "../../tokens/control-styles.ts";
import { formatSpan } from "./format-span.ts";
import type { BenchState } from "./latency-bench.ts";
import { latencyBench } from "./latency-bench.ts";
import { pathLabel, rateLabel } from "./path-labels.ts";

const PHASES: Readonly<Record<LatencyPhase, string>> = {
  opening: "connecting",
  settling: "settling",
  chirps: "measuring delays",
  speech: "measuring effects",
  evaluating: "evaluating",
  done: "done",
};

/** How far the run is: as a whole, and in the cell under way; and the ways to hold or end it. */
export class AntiphonBenchProgress extends LitElement {
  static override properties = { state: {}, progress: { attribute: false } };
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      :host {
        display: grid;
        gap: var(--antiphon-space-2);
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: var(--antiphon-space-2) var(--antiphon-space-4);
      }
      .buttons {
        display: flex;
        gap: var(--antiphon-space-2);
      }
      progress {
        inline-size: 100%;
        accent-color: var(--antiphon-accent);
      }
    `,
  ];

  declare state: BenchState;
  declare progress: LatencyProgress | undefined;

  protected override render(): TemplateResult {
    const { progress, state } = this;
    const percent = Math.round(100 * (progress?.fraction ?? 0));
    return html`
      <div class="row">
        <strong>${percent} %${progress === undefined ? "" : ` · ${formatSpan(progress.remainingSeconds)} to go`}</strong>
        <div class="buttons">
          ${
            state === "paused"
              ? html`<button type="button" class="compact" @click=${() => latencyBench.resume()}>
                  <antiphon-icon name="play"></antiphon-icon>Resume
                </button>`
              : html`<button type="button" class="compact" ?disabled=${state !== "running"} @click=${() => latencyBench.pause()}>
                  <antiphon-icon name="pause"></antiphon-icon>Pause
                </button>`
          }
          <button type="button" class="compact" @click=${() => latencyBench.cancel()}>
            <antiphon-icon name="stop"></antiphon-icon>Cancel, keep results
          </button>
        </div>
      </div>
      <progress max="1" value=${progress?.fraction ?? 0} aria-label="Whole run"></progress>
      <div class="small muted" role="status">${this.#words()}</div>
      <progress max="1" value=${progress?.cellFraction ?? 0} aria-label="Present cell"></progress>
    `;
  }

  #words(): string {
    const { progress, state } = this;
    if (state === "waiting") return "Waiting: the tab is hidden, where browsers slow everything down.";
    if (state === "paused") return "Paused. The present cell starts anew.";
    if (progress === undefined) return "Starting";
    const { cell } = progress;
    return `${pathLabel(cell)}, ${describeChunk(cell.chunk)}, ${rateLabel(cell.sampleRate)}: ${PHASES[progress.phase]}`;
  }
}

customElements.define("antiphon-bench-progress", AntiphonBenchProgress);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-bench-progress": AntiphonBenchProgress;
  }
}
