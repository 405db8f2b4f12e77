import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import type { Peer } from "../../../engine/index.ts";
import { downloadText } from "../../controllers/download.ts";
import { SessionController } from "../../controllers/session-controller.ts";
import type { VoiceSession } from "../../controllers/voice-session.ts";
import "../../parts/antiphon-choice.ts";
import "../../parts/antiphon-icon.ts";
import { baseStyles, controlStyles, surfaceStyles } from "../../tokens/control-styles.ts";
import "./antiphon-arrival-recorder.ts";
import "./antiphon-connection-test.ts";
import "./antiphon-decision-timeline.ts";
import "./antiphon-machine-figures.ts";
import "./antiphon-machine-plots.ts";
import "./antiphon-network-lab.ts";
import "./antiphon-network-pins.ts";
import "./antiphon-peer-latency.ts";
import "./antiphon-peer-plots.ts";
import { diagnosticsReport } from "./diagnostics-report.ts";

/** Where the time goes and how the network fares: latency by stage, figures over time, decisions with reasons, and a test. */
export class AntiphonDiagnosticsScreen extends LitElement {
  static override properties = { session: { attribute: false }, peerId: { state: true } };
  static override styles = [
    baseStyles,
    controlStyles,
    surfaceStyles,
    css`
      :host {
        display: block;
      }
      .page {
        display: grid;
        grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
        align-items: start;
        gap: var(--antiphon-space-4);
        max-inline-size: 1440px;
        margin: 0 auto;
        padding: var(--antiphon-space-5) var(--antiphon-space-6);
      }
      .head {
        grid-column: 1 / -1;
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        justify-content: space-between;
        gap: var(--antiphon-space-3);
      }
      .column,
      .card {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--antiphon-space-4);
        min-inline-size: 0;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        justify-content: space-between;
        gap: var(--antiphon-space-3);
      }
      @media (max-width: 1023px) {
        .page {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      @media (max-width: 719px) {
        .head button {
          white-space: normal;
        }
        .page {
          padding: var(--antiphon-space-3);
          gap: var(--antiphon-space-3);
        }
      }
    `,
  ];

  declare session: VoiceSession;
  declare private peerId: string | undefined;

  constructor() {
    super();
    new SessionController(this);
  }

  protected override render(): TemplateResult {
    const { session } = this;
    const { peers } = session;
    const peer = peers.find(({ id }) => id === this.peerId) ?? peers[0];
    return html`
      <div class="page">
        <div class="head">
          <div>
            <h1>Diagnostics</h1>
            <p class="muted small">Where the time goes, and how the network fares.</p>
          </div>
          <button type="button" class="compact" @click=${this.#export}>
            <antiphon-icon name="download"></antiphon-icon>Export (without addresses and names)
          </button>
        </div>
        <div class="column">
          <section class="card" aria-labelledby="latency">
            <h2 id="latency">Latency, stage by stage</h2>
            ${
              peers.length === 0
                ? html`<p class="muted small">In a call, the way from each person to you and back stands here.</p>`
                : repeat(
                    peers,
                    ({ id }) => id,
                    (each) => html`<antiphon-peer-latency .session=${session} .peer=${each}></antiphon-peer-latency>`,
                  )
            }
          </section>
          ${peer === undefined ? nothing : this.#plots(peers, peer)}
          <section class="card" aria-labelledby="lab">
            <h2 id="lab">Network lab</h2>
            <antiphon-network-lab .session=${session}></antiphon-network-lab>
          </section>
        </div>
        <div class="column">
          <section class="card" aria-labelledby="machine">
            <h2 id="machine">This side</h2>
            <antiphon-machine-figures .session=${session}></antiphon-machine-figures>
            ${session.phase === "in-room" ? html`<antiphon-machine-plots .session=${session}></antiphon-machine-plots>` : nothing}
          </section>
          <section class="card" aria-labelledby="test">
            <h2 id="test">Connection test</h2>
            <antiphon-connection-test .session=${session}></antiphon-connection-test>
          </section>
          <section class="card" aria-labelledby="decisions">
            <h2 id="decisions">Decisions</h2>
            <antiphon-decision-timeline .session=${session}></antiphon-decision-timeline>
            <h3>Pin what should not change</h3>
            <antiphon-network-pins></antiphon-network-pins>
          </section>
        </div>
      </div>
    `;
  }

  #plots(peers: readonly Peer[], peer: Peer): TemplateResult {
    return html`
      <section class="card" aria-label="Figures of ${peer.name}">
        <div class="row">
          <antiphon-choice
            label="Figures of"
            .value=${peer.id}
            .options=${peers.map(({ id, name }) => ({ value: id, label: name }))}
            @change=${({ detail }: CustomEvent<string>) => {
              this.peerId = detail;
            }}
          ></antiphon-choice>
          <antiphon-arrival-recorder .peer=${peer}></antiphon-arrival-recorder>
        </div>
        ${keyed(peer.id, html`<antiphon-peer-plots .session=${this.session} .peer=${peer}></antiphon-peer-plots>`)}
      </section>
    `;
  }

  #export(): void {
    const findings = this.renderRoot.querySelector("antiphon-connection-test")?.findings ?? {};
    downloadText("antiphon-diagnostics.json", diagnosticsReport(this.session, findings));
  }
}

customElements.define("antiphon-diagnostics-screen", AntiphonDiagnosticsScreen);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-diagnostics-screen": AntiphonDiagnosticsScreen;
  }
}
