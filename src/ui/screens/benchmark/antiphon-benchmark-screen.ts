import { html, LitElement, nothing, type TemplateResult } from "lit";
import {
  exportLatencyRun,
  type LatencyCellResult,
  type LatencyExportFormat,
  type LatencyPlanChoice,
  type LatencyRun,
  recommendSetting,
} from "../../../engine/index.ts";
import { downloadBlob } from "../../controllers/download.ts";
import { notices } from "../../controllers/notices.ts";
import { SessionController } from "../../controllers/session-controller.ts";
import { settingsStore } from "../../controllers/settings-store.ts";
import type { VoiceSession } from "../../controllers/voice-session.ts";
import "../../parts/antiphon-callout.ts";
import "../../parts/antiphon-choice.ts";
import "../../parts/antiphon-icon.ts";
import { baseStyles, controlStyles, surfaceStyles } from "../../tokens/control-styles.ts";
import "./antiphon-acoustic-trip.ts";
import "./antiphon-bench-progress.ts";
import "./antiphon-latency-cell.ts";
import "./antiphon-latency-heatmap.ts";
import "./antiphon-latency-lines.ts";
import "./antiphon-noise-experiment.ts";
import "./antiphon-plan-picker.ts";
import "./antiphon-run-comparison.ts";
import { benchmarkStyles } from "./benchmark-styles.ts";
import { heatmapImage } from "./heatmap-image.ts";
import { latencyBench, type ShownResults } from "./latency-bench.ts";

const TYPES: Readonly<Record<LatencyExportFormat, readonly [extension: string, type: string]>> = {
  csv: ["csv", "text/csv"],
  json: ["json", "application/json"],
  markdown: ["md", "text/markdown"],
};

/** What latency costs and what it takes to have less of it, measured on this machine, beside the browser's own WebRTC. */
export class AntiphonBenchmarkScreen extends LitElement {
  static override properties = { session: { attribute: false }, chosen: { state: true } };
  static override styles = [baseStyles, controlStyles, surfaceStyles, benchmarkStyles];

  declare session: VoiceSession;
  declare private chosen: LatencyCellResult | undefined;
  #connection: AbortController | undefined;

  constructor() {
    super();
    new SessionController(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#connection = new AbortController();
    latencyBench.addEventListener("change", () => this.requestUpdate(), { signal: this.#connection.signal });
    void latencyBench.load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#connection?.abort();
  }

  protected override render(): TemplateResult {
    const { shown } = latencyBench;
    return html`
      <div class="page">
        <header>
          <h1>Benchmark</h1>
          <p class="muted small">
            What chunk size, sample rate and buffering cost on this machine, measured sample by sample beside the browser's own
            WebRTC. Nothing leaves the page.
          </p>
        </header>
        <section class="card" aria-labelledby="plan">
          <h2 id="plan">Measure</h2>
          ${
            this.session.phase === "in-room"
              ? html`<antiphon-callout tone="info" heading="You are in a call"
                  >The call costs the machine time too: leave it for figures that count.</antiphon-callout
                >`
              : nothing
          }
          <antiphon-plan-picker
            ?disabled=${latencyBench.isBusy}
            @start=${({ detail }: CustomEvent<LatencyPlanChoice>) => {
              this.chosen = undefined;
              void latencyBench.run(detail);
            }}
          ></antiphon-plan-picker>
          ${
            latencyBench.isBusy
              ? html`<antiphon-bench-progress
                  .state=${latencyBench.state}
                  .progress=${latencyBench.progress}
                ></antiphon-bench-progress>`
              : nothing
          }
        </section>
        ${shown === undefined ? this.#empty() : this.#results(shown)}
        <section class="card" aria-labelledby="acoustic">
          <h2 id="acoustic">Loudspeaker and microphone</h2>
          <antiphon-acoustic-trip .session=${this.session}></antiphon-acoustic-trip>
        </section>
        <section class="card" aria-labelledby="noise">
          <h2 id="noise">Noise</h2>
          <antiphon-noise-experiment .session=${this.session}></antiphon-noise-experiment>
        </section>
      </div>
    `;
  }

  #empty(): TemplateResult {
    return html`
      <section class="card empty">
        <p>No results yet. A quick run takes about a minute.</p>
        ${this.#importButton()}
      </section>
    `;
  }

  #results(shown: ShownResults): TemplateResult {
    const { run } = shown;
    const chosen = this.chosen ?? firstShown(shown);
    return html`
      <section class="card" aria-labelledby="results">
        <div class="row">
          <h2 id="results">Latency</h2>
          ${run === undefined ? nothing : this.#runPicker(run)}
        </div>
        <div class="matrix">
          <antiphon-latency-heatmap
            .cells=${shown.cells}
            .results=${shown.results}
            .activeId=${latencyBench.progress?.cell.id}
            .chosenId=${chosen?.cell.id}
            @choose=${({ detail }: CustomEvent<LatencyCellResult>) => {
              this.chosen = detail;
            }}
          ></antiphon-latency-heatmap>
          <antiphon-latency-cell class="details" .result=${chosen}></antiphon-latency-cell>
        </div>
        ${run === undefined ? nothing : this.#recommendation(run)}
        ${
          shown.results.length < 2
            ? nothing
            : html`<h3>Latency against chunk length</h3>
                <antiphon-latency-lines .results=${shown.results}></antiphon-latency-lines>`
        }
        ${run === undefined ? nothing : this.#footer(run)}
      </section>
    `;
  }

  #runPicker(run: LatencyRun): TemplateResult {
    const options = latencyBench.runs.map(({ startedAt, cells, isComplete }) => ({
      value: startedAt,
      label: `${new Date(startedAt).toLocaleString()} (${cells.length} cells${isComplete ? "" : ", cancelled"})`,
    }));
    const others = options.filter(({ value }) => value !== run.startedAt);
    return html`
      <div class="pickers">
        <antiphon-choice
          label="Run"
          .value=${run.startedAt}
          .options=${options}
          @change=${({ detail }: CustomEvent<string>) => {
            this.chosen = undefined;
            latencyBench.show(detail);
          }}
        ></antiphon-choice>
        <antiphon-choice
          label="Compare with"
          .value=${latencyBench.compared?.startedAt ?? ""}
          .options=${[{ value: "", label: "nothing" }, ...others]}
          @change=${({ detail }: CustomEvent<string>) => latencyBench.compareWith(detail === "" ? undefined : detail)}
        ></antiphon-choice>
      </div>
    `;
  }

  #recommendation(run: LatencyRun): TemplateResult {
    const advice = recommendSetting(run);
    if (advice === undefined && !run.cells.some(isOwnPathMeasured)) {
      return html`<antiphon-callout tone="info" heading="No setting to recommend"
        >This run did not get to measure a call of Antiphon's own.</antiphon-callout
      >`;
    }
    if (advice === undefined) {
      return html`<antiphon-callout tone="warn" heading="No setting to recommend"
        >No cell of Antiphon's own path played without dropouts. Close what keeps the machine busy and measure
        again.</antiphon-callout
      >`;
    }
    const apply = (): void => {
      settingsStore.change(advice.settings, "benchmark recommendation");
      notices.show("The recommended setting is in force.", {
        tone: "ok",
        action: { label: "Undo", run: () => settingsStore.undo() },
      });
    };
    return html`
      <antiphon-callout tone="ok" heading="Recommended setting">
        <span>${advice.reason}</span>
        <div><button type="button" class="compact primary" @click=${apply}>Apply</button></div>
      </antiphon-callout>
    `;
  }

  #footer(run: LatencyRun): TemplateResult {
    const { environment, selfTestErrorMs } = run;
    const { compared } = latencyBench;
    return html`
      ${
        compared === undefined
          ? nothing
          : html`<h3>Compared with the run of ${new Date(compared.startedAt).toLocaleString()}</h3>
              <antiphon-run-comparison .earlier=${compared} .later=${run}></antiphon-run-comparison>`
      }
      <div class="row">
        <div class="buttons">
          ${(["csv", "json", "markdown"] as const).map(
            (format) => html`
              <button type="button" class="compact" @click=${() => this.#export(run, format)}>
                <antiphon-icon name="download"></antiphon-icon>${format === "markdown" ? "Markdown" : format.toUpperCase()}
              </button>
            `,
          )}
          <button type="button" class="compact" @click=${() => void this.#exportImage(run)}>
            <antiphon-icon name="download"></antiphon-icon>PNG
          </button>
        </div>
        <div class="buttons">
          ${this.#importButton()}
          <button type="button" class="compact" @click=${() => void latencyBench.remove()}>
            <antiphon-icon name="trash"></antiphon-icon>Delete
          </button>
        </div>
      </div>
      <p class="muted small">
        ${new Date(run.startedAt).toLocaleString()} · ${environment.platform} · ${environment.processors} processors ·
        ${environment.isCrossOriginIsolated ? "isolated" : "not isolated"} · output device
        ${environment.outputLatencyMs.toFixed(1)} ms (not included) · self-test within
        ${selfTestErrorMs === undefined ? "–" : `${selfTestErrorMs.toFixed(4)} ms`}<br />${environment.userAgent}
      </p>
    `;
  }

  #importButton(): TemplateResult {
    return html`
      <label class="import">
        <antiphon-icon name="upload"></antiphon-icon>Import JSON
        <input type="file" accept="application/json,.json" class="visually-hidden" @change=${this.#import} />
      </label>
    `;
  }

  #export(run: LatencyRun, format: LatencyExportFormat): void {
    const [extension, type] = TYPES[format];
    downloadBlob(`antiphon-latency-${fileDate(run)}.${extension}`, new Blob([exportLatencyRun(run, format)], { type }));
  }

  async #exportImage(run: LatencyRun): Promise<void> {
    downloadBlob(`antiphon-latency-${fileDate(run)}.png`, await heatmapImage(run, this));
  }

  readonly #import = async (event: Event): Promise<void> => {
    const input = event.currentTarget;
    const file = input instanceof HTMLInputElement ? input.files?.[0] : undefined;
    if (file === undefined || !(input instanceof HTMLInputElement)) return;
    try {
      await latencyBench.import(await file.text());
      this.chosen = undefined;
      notices.show("Results imported.", { tone: "ok" });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      notices.show(error.message, { tone: "bad" });
    } finally {
      input.value = "";
    }
  };
}

/** What is looked at before anybody has chosen: the recommended setting, or what was measured last. */
function firstShown({ run, results }: ShownResults): LatencyCellResult | undefined {
  const recommended = run === undefined ? undefined : recommendSetting(run)?.cell.id;
  return results.find(({ cell }) => cell.id === recommended) ?? results.findLast(({ status }) => status === "measured");
}

/** Whether a cell says something about calls: a run that was cancelled early, or a custom one, may have none of them. */
function isOwnPathMeasured({ status, cell }: LatencyCellResult): boolean {
  return status === "measured" && cell.path === "antiphon";
}

function fileDate({ startedAt }: LatencyRun): string {
  return startedAt.slice(0, 16).replaceAll(/[:T]/g, "-");
}

customElements.define("antiphon-benchmark-screen", AntiphonBenchmarkScreen);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-benchmark-screen": AntiphonBenchmarkScreen;
  }
}
