import { html, LitElement, nothing, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { SamplingController } from "../../controllers/sampling-controller.ts";
import { SettingsController } from "../../controllers/settings-controller.ts";
import { settingsStore } from "../../controllers/settings-store.ts";
import type { VoiceSession } from "../../controllers/voice-session.ts";
import "../../parts/antiphon-gain-meter.ts";
import "../../parts/antiphon-icon.ts";
import "../../parts/antiphon-meter.ts";
import { formatMs, formatPercent } from "../../parts/format-value.ts";
import { baseStyles, controlStyles, surfaceStyles } from "../../tokens/control-styles.ts";
import "./antiphon-setting.ts";
import "./antiphon-stage-device.ts";
import { type CardDescription, type ControlDescription, cardPaths } from "./control-description.ts";
import { describeGrants } from "./describe-grants.ts";
import { stageCardStyles } from "./stage-card-styles.ts";
import { type StageCost, StageCostReader } from "./stage-cost.ts";
import { type StageReadings, stageReadings } from "./stage-readings.ts";
import { describeWireRate } from "./wire-rate.ts";

/** How long the peaks of the Studio's meters are held, ms. */
const HOLD_MS = 20_000;

/** One stage of the signal path: what it does to the level, what it costs, and its controls. */
export class AntiphonStageCard extends LitElement {
  static override properties = {
    session: { attribute: false },
    card: { attribute: false },
    position: { type: Number },
  };
  static override styles = [baseStyles, controlStyles, surfaceStyles, stageCardStyles];

  declare session: VoiceSession;
  declare card: CardDescription;
  /** Place in the signal path, from 1. */
  declare position: number;
  readonly #settings = new SettingsController(this);
  readonly #costReader = new StageCostReader();
  readonly #cost = new SamplingController<StageCost>(this, {
    intervalMs: 500,
    initial: { addedMs: undefined, cpuPercent: undefined },
    sample: () => this.#costReader.read(this.card.stage, this.session, performance.now()),
  });
  #readings: StageReadings | undefined;

  protected override willUpdate(): void {
    const { stage } = this.card;
    if (stage !== undefined) {
      this.#readings ??= stageReadings(stage, this.session.levels);
    }
  }

  protected override render(): TemplateResult {
    const { card } = this;
    const { settings } = this.#settings;
    const isOn = card.bypass?.isOn(settings) ?? true;
    const controls = card.controls.filter(
      (control) => (control.isAdvanced !== true || settings.ui.isAdvanced) && (control.appliesTo?.(settings) ?? true),
    );
    return html`
      <section class=${classMap({ card: true, bypassed: !isOn })} aria-labelledby="title">
        <header>
          <antiphon-icon name=${card.icon}></antiphon-icon>
          <h2 id="title">${card.title} <span class="number" aria-hidden="true">${this.position}</span></h2>
          <button
            type="button"
            class="quiet icon compact"
            aria-label="Reset ${card.title}"
            title="Back to the defaults"
            @click=${() => settingsStore.reset(cardPaths(card))}
          >
            <antiphon-icon name="reset"></antiphon-icon>
          </button>
          ${this.#bypass(isOn)}
        </header>
        <p class="muted small">${card.summary}</p>
        ${this.#instruments()}
        <div class="controls">${controls.map((control) => this.#control(control))}</div>
        ${this.#footer()}
      </section>
    `;
  }

  #bypass(isOn: boolean): TemplateResult | typeof nothing {
    const { bypass, title } = this.card;
    return bypass === undefined
      ? nothing
      : html`<input
          type="checkbox"
          class="switch"
          role="switch"
          aria-label="${title} in the signal path"
          .checked=${isOn}
          @change=${() => settingsStore.set(bypass.path, isOn ? bypass.off : bypass.on)}
        />`;
  }

  #instruments(): TemplateResult | typeof nothing {
    const readings = this.#readings;
    if (readings === undefined) {
      return nothing;
    }
    const { addedMs, cpuPercent } = this.#cost.value;
    const { title } = this.card;
    return html`
      <div class="instruments">
        ${
          readings.before === undefined
            ? nothing
            : html`<span>In</span>
                <antiphon-meter label="${title}, in" holdMs=${HOLD_MS} .source=${readings.before}></antiphon-meter>`
        }
        ${
          readings.after === undefined
            ? nothing
            : html`<span>Out</span>
                <antiphon-meter label="${title}, out" holdMs=${HOLD_MS} .source=${readings.after}></antiphon-meter>`
        }
        ${
          readings.gain === undefined
            ? nothing
            : html`<span>${readings.gain.label}</span>
                <antiphon-gain-meter label="${title}, ${readings.gain.label}" .source=${readings.gain.read}></antiphon-gain-meter>`
        }
        ${
          addedMs === undefined && cpuPercent === undefined
            ? nothing
            : html`<div class="facts">
                <span title="Delay that this stage adds">adds <b>${formatMs(addedMs)}</b></span>
                <span title="Share of one processor core">CPU <b>${formatPercent(cpuPercent)}</b></span>
              </div>`
        }
      </div>
    `;
  }

  #control(control: ControlDescription): TemplateResult {
    return control.kind === "device"
      ? html`<antiphon-stage-device .session=${this.session} .direction=${control.direction}></antiphon-stage-device>`
      : html`<antiphon-setting .control=${control}></antiphon-setting>`;
  }

  #footer(): TemplateResult | typeof nothing {
    switch (this.card.id) {
      case "encoder":
        return html`<p class="derived">${describeWireRate(this.#settings.settings.encoder)}</p>`;
      case "input":
        return html`<div class="grants" aria-label="What the browser granted">
          ${describeGrants(this.session.engine?.microphoneGrant, this.#settings.settings.input).map(
            ({ text, isAsAsked }) => html`<span class="chip ${isAsAsked ? "" : "warn"}">${text}</span>`,
          )}
        </div>`;
      default:
        return nothing;
    }
  }
}

customElements.define("antiphon-stage-card", AntiphonStageCard);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-stage-card": AntiphonStageCard;
  }
}
