import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { FileTransferState, IncomingFile, OutgoingFile } from "../../engine/index.ts";
import { downloadBlob } from "../controllers/download.ts";
import "../parts/antiphon-icon.ts";
import { formatBytes } from "../parts/format-bytes.ts";
import { baseStyles, controlStyles } from "../tokens/control-styles.ts";

const stateWords: Readonly<Record<FileTransferState, string>> = {
  offered: "waiting",
  transferring: "on its way",
  paused: "paused",
  interrupted: "waiting for the connection",
  done: "complete and verified",
  declined: "declined",
  cancelled: "cancelled",
  failed: "failed",
};

type Progress = { readonly state: FileTransferState; readonly bytes: number; readonly bytesPerSecond: number };

/** One file in the chat: what it is, how far it is, and what can be done with it. */
export class AntiphonFileCard extends LitElement {
  static override properties = {
    incoming: { attribute: false },
    outgoing: { attribute: false },
    nameOf: { attribute: false },
  };
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      :host {
        display: grid;
        gap: var(--antiphon-space-2);
      }
      .name {
        display: flex;
        align-items: center;
        gap: var(--antiphon-space-2);
        overflow-wrap: anywhere;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--antiphon-space-2);
      }
      .way {
        display: grid;
        grid-template-columns: 1fr auto;
        align-items: center;
        gap: 2px var(--antiphon-space-2);
      }
      .way progress {
        grid-column: 1 / -1;
        grid-row: 2;
      }
      progress {
        inline-size: 100%;
        block-size: 6px;
        accent-color: var(--antiphon-accent);
      }
    `,
  ];

  /** A file that somebody offers; or else `outgoing`. */
  declare incoming: IncomingFile | undefined;
  declare outgoing: OutgoingFile | undefined;
  /** Name of the member with an id. */
  declare nameOf: (peerId: string) => string;
  #connection: AbortController | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#connection?.abort();
    this.#connection = undefined;
  }

  protected override willUpdate(): void {
    if (this.#connection === undefined) {
      this.#connection = new AbortController();
      const { signal } = this.#connection;
      const changed = (): void => this.requestUpdate();
      this.incoming?.addEventListener("changed", changed, { signal });
      this.outgoing?.addEventListener("changed", changed, { signal });
    }
  }

  protected override render(): TemplateResult | typeof nothing {
    const { incoming, outgoing } = this;
    const file = incoming ?? outgoing;
    if (file === undefined) {
      return nothing;
    }
    const { name, size } = file.description;
    return html`
      <div class="name">
        <antiphon-icon name="paperclip"></antiphon-icon>
        <span><b>${name}</b> <span class="muted small">${formatBytes(size)}</span></span>
      </div>
      ${incoming === undefined ? nothing : this.#incoming(incoming)}
      ${outgoing === undefined ? nothing : this.#outgoing(outgoing)}
    `;
  }

  #incoming(file: IncomingFile): TemplateResult {
    const { state, received, bytesPerSecond, description } = file;
    return html`
      ${this.#progress({ state, bytes: received, bytesPerSecond }, description.size, description.name)}
      <div class="row">${this.#choices(file)}</div>
    `;
  }

  #choices(file: IncomingFile): TemplateResult | typeof nothing {
    switch (file.state) {
      case "offered":
        return html`
          <button type="button" class="primary compact" @click=${() => file.accept()}>Accept</button>
          <button type="button" class="compact" @click=${() => file.decline()}>Decline</button>
        `;
      case "transferring":
        return html`
          <button type="button" class="compact" @click=${() => file.pause()}>Pause</button>
          <button type="button" class="compact" @click=${() => file.cancel()}>Cancel</button>
        `;
      case "paused":
        return html`
          <button type="button" class="compact" @click=${() => file.resume()}>Go on</button>
          <button type="button" class="compact" @click=${() => file.cancel()}>Cancel</button>
        `;
      case "interrupted":
        return html`<button type="button" class="compact" @click=${() => file.cancel()}>Cancel</button>`;
      case "done":
        return html`<button type="button" class="primary compact" @click=${() => this.#save(file)}>
          <antiphon-icon name="download"></antiphon-icon>Save
        </button>`;
      default:
        return nothing;
    }
  }

  #outgoing(file: OutgoingFile): TemplateResult {
    const { size, name } = file.description;
    return html`
      ${file.transfers.map(
        ({ peerId, state, sent, bytesPerSecond }) => html`
          <div class="way">
            <span class="small">To ${this.nameOf(peerId)}</span>
            ${this.#progress({ state, bytes: sent, bytesPerSecond }, size, name)}
          </div>
        `,
      )}
      ${
        file.isFinished
          ? nothing
          : html`<div class="row"><button type="button" class="compact" @click=${() => file.cancel()}>Cancel</button></div>`
      }
    `;
  }

  #progress({ state, bytes, bytesPerSecond }: Progress, size: number, name: string): TemplateResult {
    const isMoving = state === "transferring";
    return html`
      ${
        isMoving || state === "paused" || state === "interrupted"
          ? html`<progress aria-label="Progress of ${name}" max=${Math.max(1, size)} value=${bytes}></progress>`
          : nothing
      }
      <span class="muted small">
        ${stateWords[state]}${isMoving ? ` · ${formatBytes(bytes)} · ${formatBytes(bytesPerSecond)}/s` : ""}
      </span>
    `;
  }

  async #save(file: IncomingFile): Promise<void> {
    downloadBlob(file.description.name, await file.blob);
  }
}

customElements.define("antiphon-file-card", AntiphonFileCard);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-file-card": AntiphonFileCard;
  }
}
