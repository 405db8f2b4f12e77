import { css, html, LitElement, type TemplateResult } from "lit";
import type { Peer } from "../../../engine/index.ts";
import { SamplingController } from "../../controllers/sampling-controller.ts";
import type { VoiceSession } from "../../controllers/voice-session.ts";
import "./antiphon-latency-bar.ts";
import { incomingPath, type LatencyPath, outgoingPath } from "./latency-stages.ts";

type Paths = { readonly outgoing: LatencyPath | undefined; readonly incoming: LatencyPath | undefined };

/** How long a voice takes to somebody and back, stage by stage. */
export class AntiphonPeerLatency extends LitElement {
  static override properties = { session: { attribute: false }, peer: { attribute: false } };
  static override styles = css`
    :host {
      display: grid;
      gap: var(--antiphon-space-3);
    }
    p {
      margin: 0;
      color: var(--antiphon-muted);
      font-size: var(--antiphon-font-size-s);
    }
  `;

  declare session: VoiceSession;
  declare peer: Peer;
  readonly #paths = new SamplingController<Paths>(this, {
    intervalMs: 500,
    initial: { outgoing: undefined, incoming: undefined },
    sample: () => this.#read(),
  });

  protected override render(): readonly TemplateResult[] {
    const { name } = this.peer;
    const { incoming, outgoing } = this.#paths.value;
    return [
      incoming === undefined
        ? html`<p>Nothing from ${name} yet.</p>`
        : html`<antiphon-latency-bar label="${name} to you" .path=${incoming}></antiphon-latency-bar>`,
      outgoing === undefined
        ? html`<p>Nothing sent to ${name} yet.</p>`
        : html`<antiphon-latency-bar label="You to ${name}" .path=${outgoing}></antiphon-latency-bar>`,
    ];
  }

  #read(): Paths {
    const engine = this.session.engine?.statistics();
    if (engine === undefined) {
      return { outgoing: undefined, incoming: undefined };
    }
    const peer = this.peer.stats();
    return { outgoing: outgoingPath(engine, peer), incoming: incomingPath(engine, peer) };
  }
}

customElements.define("antiphon-peer-latency", AntiphonPeerLatency);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-peer-latency": AntiphonPeerLatency;
  }
}
