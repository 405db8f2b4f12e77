import { css, html, LitElement, type TemplateResult } from "lit";
import type { ArrivalTrace, Peer } from "../../../engine/index.ts";
import { downloadText } from "../../controllers/download.ts";
import { notices } from "../../controllers/notices.ts";
import "../../parts/antiphon-icon.ts";
import { baseStyles, controlStyles } from "../../tokens/control-styles.ts";

/** Records when a person's packets arrive, and saves it for `npm run replay`. */
export class AntiphonArrivalRecorder extends LitElement {
  static override properties = { peer: { attribute: false }, trace: { state: true }, hasPayloads: { state: true } };
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      :host {
        display: inline-flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--antiphon-space-2);
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: var(--antiphon-space-2);
        font-size: var(--antiphon-font-size-s);
        overflow-wrap: anywhere;
      }
      input {
        flex: none;
        inline-size: 24px;
        block-size: 24px;
        margin: 0;
        accent-color: var(--antiphon-accent);
      }
    `,
  ];

  declare peer: Peer;
  declare private trace: ArrivalTrace | undefined;
  declare private hasPayloads: boolean;

  constructor() {
    super();
    this.hasPayloads = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.trace?.stop();
    this.trace = undefined;
  }

  protected override render(): TemplateResult {
    const isRecording = this.trace !== undefined;
    return html`
      <button
        type="button"
        class="compact"
        aria-pressed=${isRecording}
        title=${this.hasPayloads ? "When each packet was sent and came, and what was said in it" : "Numbers only, no sound: when each packet was sent and when it came"}
        @click=${isRecording ? this.#save : this.#start}
      >
        <antiphon-icon name=${isRecording ? "stop" : "timer"}></antiphon-icon>
        ${isRecording ? "Stop and save the trace" : "Record a packet trace"}
      </button>
      <label>
        <input type="checkbox" .checked=${this.hasPayloads} ?disabled=${isRecording} @change=${this.#choosePayloads} />
        with ${this.peer.name}'s voice
      </label>
    `;
  }

  #choosePayloads(event: Event): void {
    this.hasPayloads = (event.currentTarget as HTMLInputElement).checked;
  }

  #start(): void {
    this.trace = this.peer.streams[0]?.traceArrivals({ hasPayloads: this.hasPayloads });
    if (this.trace === undefined) {
      notices.show(`${this.peer.name} sends nothing to trace`, { tone: "warn" });
    }
  }

  #save(): void {
    const file = this.trace?.stop();
    this.trace = undefined;
    if (file === undefined) {
      notices.show("Too few packets came for a trace", { tone: "warn" });
      return;
    }
    downloadText("antiphon-trace.json", `${JSON.stringify(file)}\n`);
    notices.show(`${file.packets.length} packets saved: play them with npm run replay`, { tone: "ok" });
  }
}

customElements.define("antiphon-arrival-recorder", AntiphonArrivalRecorder);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-arrival-recorder": AntiphonArrivalRecorder;
  }
}
