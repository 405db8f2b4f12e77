import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { EngineStatistics } from "../../../engine/index.ts";
import { SamplingController } from "../../controllers/sampling-controller.ts";
import type { VoiceSession } from "../../controllers/voice-session.ts";
import { formatMs, formatNumber } from "../../parts/format-value.ts";
import { baseStyles } from "../../tokens/control-styles.ts";

/** What this side runs on: threads, rates, latency and underruns of the output, and what is sent. */
export class AntiphonMachineFigures extends LitElement {
  static override properties = { session: { attribute: false } };
  static override styles = [
    baseStyles,
    css`
      dl {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(130px, 100%), 1fr));
        gap: var(--antiphon-space-3);
        margin: 0;
      }
      dt {
        color: var(--antiphon-muted);
        font-size: var(--antiphon-font-size-xs);
      }
      dd {
        margin: 0;
        font-weight: 600;
      }
      .warn {
        color: var(--antiphon-warn);
      }
    `,
  ];

  declare session: VoiceSession;
  readonly #statistics = new SamplingController<EngineStatistics | undefined>(this, {
    intervalMs: 500,
    initial: undefined,
    sample: () => this.session.engine?.statistics(),
  });

  protected override render(): TemplateResult | typeof nothing {
    const statistics = this.#statistics.value;
    if (statistics === undefined) {
      return nothing;
    }
    const { output, voicePath, usesSharedMemory, localStreams } = statistics;
    const { underruns } = output;
    const [stream] = localStreams;
    return html`
      <dl>
        ${this.#figure("Voice packets", voicePath === "worker" ? "own thread" : "main thread", voicePath !== "worker")}
        ${this.#figure("Threads share", usesSharedMemory ? "memory" : "messages", !usesSharedMemory)}
        ${this.#figure("Output", `${formatNumber(output.contextRate / 1000, 0.1)} kHz · ${output.quantumFrames}`)}
        ${this.#figure("Output latency", formatMs(1000 * (output.baseLatency + output.outputLatency)))}
        ${
          underruns === undefined
            ? nothing
            : this.#figure("Underruns", `${underruns.underrunEvents} (${formatMs(1000 * underruns.underrunDuration)})`)
        }
        ${
          stream === undefined
            ? nothing
            : [
                this.#figure("Encoder", `${formatNumber(stream.bitrate / 1000, 1)} kb/s · ${stream.frameMs} ms`),
                this.#figure(
                  "Capture",
                  `${formatNumber(stream.contextRate / 1000, 0.1)} kHz · ${stream.quantumFrames}`,
                ),
                this.#figure("Lost on the way out", String(stream.overruns), stream.overruns > 0),
              ]
        }
      </dl>
    `;
  }

  #figure(term: string, value: string, isWarning = false): TemplateResult {
    return html`<div><dt>${term}</dt><dd class=${isWarning ? "warn" : ""}>${value}</dd></div>`;
  }
}

customElements.define("antiphon-machine-figures", AntiphonMachineFigures);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-machine-figures": AntiphonMachineFigures;
  }
}
