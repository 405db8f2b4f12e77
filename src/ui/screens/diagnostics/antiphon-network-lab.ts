import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { type AudioClip, type ImpairmentProfile, NETWORK_PROFILES } from "../../../engine/index.ts";
import { SamplingController } from "../../controllers/sampling-controller.ts";
import { SessionController } from "../../controllers/session-controller.ts";
import type { VoiceSession } from "../../controllers/voice-session.ts";
import "../../parts/antiphon-callout.ts";
import "../../parts/antiphon-choice.ts";
import "../../parts/antiphon-icon.ts";
import "../../parts/antiphon-slider.ts";
import { baseStyles, controlStyles } from "../../tokens/control-styles.ts";
import "./antiphon-network-lab-figures.ts";
import { NetworkLabRun, RECORDING_SECONDS } from "./network-lab.ts";
import {
  describeProfile,
  LAB_PROTECTIONS,
  type LabProtection,
  type LabSource,
  PROFILE_VALUES,
  profileLabel,
} from "./network-lab-choices.ts";
import { type LabFigures, LabMeter } from "./network-lab-figures.ts";

const SOURCES: Readonly<Record<LabSource, string>> = {
  microphone: "my microphone, live",
  recording: `${RECORDING_SECONDS} seconds of me, over and over`,
  synthetic: "a synthetic voice",
};

const FIRST_PROFILE = "burst20";

/** Any voice through any network, inside the page: to hear what loss, jitter and stalls do, and what each protection does about it. */
export class AntiphonNetworkLab extends LitElement {
  static override properties = {
    session: { attribute: false },
    profile: { state: true },
    protection: { state: true },
    source: { state: true },
    phase: { state: true },
  };
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      :host {
        display: grid;
        gap: var(--antiphon-space-4);
      }
      .choices,
      .values {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(170px, 100%), 1fr));
        align-items: end;
        gap: var(--antiphon-space-3);
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--antiphon-space-2) var(--antiphon-space-3);
      }
      summary {
        cursor: pointer;
        font-size: var(--antiphon-font-size-s);
        font-weight: 500;
      }
      details .values {
        margin-block-start: var(--antiphon-space-3);
      }
    `,
  ];

  declare session: VoiceSession;
  declare private profile: ImpairmentProfile;
  declare private protection: LabProtection;
  declare private source: LabSource;
  declare private phase: "idle" | "recording" | "starting" | "running";
  #run: NetworkLabRun | undefined;
  #clip: AudioClip | undefined;
  #meter = new LabMeter();
  readonly #figures = new SamplingController<LabFigures | undefined>(this, {
    intervalMs: 250,
    initial: undefined,
    sample: () => this.#read(),
  });

  constructor() {
    super();
    new SessionController(this);
    this.profile = NETWORK_PROFILES.find(({ name }) => name === FIRST_PROFILE) ?? { ...this.#perfect };
    this.protection = "adaptive";
    this.source = "synthetic";
    this.phase = "idle";
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  protected override willUpdate(): void {
    // In a call the others would hear the test: it ends when one begins.
    if (this.#isInCall && this.phase !== "idle") this.#stop();
  }

  protected override render(): TemplateResult {
    const isRunning = this.phase === "running";
    return html`
      <p class="muted small">
        A voice goes through encoder, packets, this network, jitter buffer and decoder, and comes back to you. Each direction is
        impaired alike; nothing leaves the page.
      </p>
      <div class="choices">
        <antiphon-choice
          label="Network"
          .value=${this.profile.name}
          .options=${this.#profileOptions()}
          @change=${({ detail }: CustomEvent<string>) => this.#setProfile(NETWORK_PROFILES.find(({ name }) => name === detail))}
        ></antiphon-choice>
        <antiphon-choice
          label="Protection"
          .value=${this.protection}
          .options=${Object.entries(LAB_PROTECTIONS).map(([value, { label }]) => ({ value, label }))}
          @change=${({ detail }: CustomEvent<LabProtection>) => void this.#setProtection(detail)}
        ></antiphon-choice>
        <antiphon-choice
          label="What you hear"
          .value=${this.source}
          .disabled=${this.phase !== "idle"}
          .options=${Object.entries(SOURCES).map(([value, label]) => ({ value, label }))}
          @change=${({ detail }: CustomEvent<LabSource>) => {
            this.source = detail;
          }}
        ></antiphon-choice>
      </div>
      <p class="small"><strong>${describeProfile(this.profile)}.</strong> ${LAB_PROTECTIONS[this.protection].summary}</p>
      <details>
        <summary>Own values</summary>
        <div class="values">
          ${PROFILE_VALUES.map(
            ({ label, unit, min, max, step, read, write, format }) => html`
              <antiphon-slider
                label=${label}
                unit=${unit}
                .min=${min}
                .max=${max}
                .step=${step}
                .value=${read(this.profile)}
                .format=${format}
                @change=${({ detail }: CustomEvent<number>) => this.#setProfile(write(this.profile, detail))}
              ></antiphon-slider>
            `,
          )}
        </div>
      </details>
      ${
        this.#isInCall
          ? html`<antiphon-callout tone="info" heading="Not during a call"
            >The others would hear the test. Leave the call to use the network lab.</antiphon-callout
          >`
          : html`
              <div class="row">
                <button
                  type="button"
                  class=${isRunning ? "" : "primary"}
                  ?disabled=${this.phase === "starting" || this.phase === "recording"}
                  @click=${isRunning ? this.#stop : this.#start}
                >
                  <antiphon-icon name=${isRunning ? "stop" : "play"}></antiphon-icon>${this.#buttonText()}
                </button>
                <span class="small muted" role="status">${this.#hint()}</span>
              </div>
            `
      }
      ${
        isRunning && this.#figures.value !== undefined
          ? html`<antiphon-network-lab-figures .figures=${this.#figures.value}></antiphon-network-lab-figures>`
          : nothing
      }
    `;
  }

  get #isInCall(): boolean {
    return this.session?.engine?.room !== undefined;
  }

  get #perfect(): ImpairmentProfile {
    return { name: "clean", delayMs: 0, jitterMs: 0, loss: { type: "none" } };
  }

  #profileOptions(): readonly { readonly value: string; readonly label: string }[] {
    const named = NETWORK_PROFILES.map((profile) => ({ value: profile.name, label: profileLabel(profile) }));
    return this.profile.name === "own" ? [...named, { value: "own", label: profileLabel(this.profile) }] : named;
  }

  #buttonText(): string {
    switch (this.phase) {
      case "running":
        return "Stop";
      case "recording":
        return "Say something…";
      case "starting":
        return "Starting…";
      case "idle":
        return "Listen";
    }
  }

  #hint(): string {
    if (this.phase === "idle" && this.source === "microphone") return "Use headphones: through speakers this howls.";
    if (this.phase === "idle" && this.source === "recording") return `Records ${RECORDING_SECONDS} seconds first.`;
    return this.phase === "running" ? "Change network and protection while you listen." : "";
  }

  #read(): LabFigures | undefined {
    const run = this.#run;
    if (run === undefined) return undefined;
    if (!run.isRunning) {
      this.#stop();
      return undefined;
    }
    return this.#meter.read(run.echo, this.session.engine?.decisions.entries ?? [], performance.now());
  }

  readonly #start = async (): Promise<void> => {
    if (this.phase !== "idle") return;
    const { profile, protection, source } = this;
    this.phase = "starting";
    try {
      const engine = await this.session.ready();
      if (source !== "synthetic" && !(await this.session.openMicrophone())) {
        this.phase = "idle";
        return;
      }
      await engine.resume();
      if (source === "recording") {
        this.phase = "recording";
        this.#clip = (await engine.soundCheck.record({ seconds: RECORDING_SECONDS })).processed;
        this.phase = "starting";
      }
      const run = await NetworkLabRun.start(engine, { profile, protection, source }, this.#clip);
      if (!this.isConnected || this.#isInCall) {
        run.stop();
        this.phase = "idle";
        return;
      }
      this.#run = run;
      this.#meter = new LabMeter();
      // Both may have been changed while it started.
      run.setProfile(this.profile);
      await run.setProtection(this.protection);
      this.phase = "running";
    } catch (error) {
      this.#stop();
      this.session.fail(error, "worklet-failed", "Cannot start the network lab");
    }
  };

  readonly #stop = (): void => {
    this.#run?.stop();
    this.#run = undefined;
    this.phase = "idle";
  };

  #setProfile(profile: ImpairmentProfile | undefined): void {
    if (profile === undefined) return;
    this.profile = profile;
    this.#run?.setProfile(profile);
  }

  async #setProtection(protection: LabProtection): Promise<void> {
    const before = this.protection;
    this.protection = protection;
    try {
      await this.#run?.setProtection(protection);
    } catch (error) {
      this.protection = before;
      this.session.fail(error, "wasm-failed", "Cannot use deep redundancy");
    }
  }
}

customElements.define("antiphon-network-lab", AntiphonNetworkLab);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-network-lab": AntiphonNetworkLab;
  }
}
