import { html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { ChatEntry } from "../controllers/chat-log.ts";
import { MediaQueryController, NARROW } from "../controllers/media-query-controller.ts";
import { notices } from "../controllers/notices.ts";
import type { VoiceSession } from "../controllers/voice-session.ts";
import "../parts/antiphon-icon.ts";
import { linkifiedText } from "../parts/linkified-text.ts";
import { baseStyles, controlStyles } from "../tokens/control-styles.ts";
import "./antiphon-file-card.ts";
import { chatDrawerStyles } from "./chat-drawer-styles.ts";

/** Longest text that can be sent, in UTF-16 units. */
const MAX_LENGTH = 4000;

const timeOfDay = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

/** What is written in the room. Enter sends, Shift and Enter begins a new line, Escape closes. */
export class AntiphonChatDrawer extends LitElement {
  static override properties = { session: { attribute: false }, standsIn: { type: Boolean } };
  static override styles = [baseStyles, controlStyles, chatDrawerStyles];

  declare session: VoiceSession;
  /** On narrow windows the chat stands in the place of the page's main part. */
  declare standsIn: boolean;
  readonly #narrow = new MediaQueryController(this, NARROW);
  #connection: AbortController | undefined;

  constructor() {
    super();
    this.standsIn = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute("aria-label", "Chat");
    this.addEventListener("keydown", this.#keydown);
    this.addEventListener("dragover", this.#dragOver);
    this.addEventListener("drop", this.#drop);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#connection?.abort();
    this.#connection = undefined;
    this.removeEventListener("keydown", this.#keydown);
    this.removeEventListener("dragover", this.#dragOver);
    this.removeEventListener("drop", this.#drop);
  }

  protected override willUpdate(): void {
    this.setAttribute("role", this.#isMain ? "main" : "complementary");
    if (this.#connection === undefined) {
      this.#connection = new AbortController();
      const { signal } = this.#connection;
      this.session.chat.addEventListener("change", () => this.requestUpdate(), { signal });
    }
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector("textarea")?.focus();
  }

  protected override updated(_changed: PropertyValues): void {
    const list = this.renderRoot.querySelector("ol");
    list?.scrollTo({ top: list.scrollHeight });
  }

  protected override render(): TemplateResult {
    const { chat, peers } = this.session;
    return html`
      <div class="head">
        ${this.#isMain ? html`<h1>Chat</h1>` : html`<h2>Chat</h2>`}
        <button type="button" class="quiet icon compact" aria-label="Close the chat" @click=${() => chat.toggle(false)}>
          <antiphon-icon name="close"></antiphon-icon>
        </button>
      </div>
      <ol aria-live="polite" tabindex="0" aria-label="Messages">
        ${
          chat.entries.length === 0
            ? html`<li class="empty">
                ${peers.length === 0 ? "Nobody is here to read it yet." : "Write something: it goes straight to everyone in the room."}
              </li>`
            : repeat(
                chat.entries,
                ({ id }) => id,
                (entry) => this.#entry(entry),
              )
        }
      </ol>
      <form @submit=${this.#send}>
        <button
          type="button"
          class="quiet icon"
          aria-label="Send a file"
          title="Send a file"
          ?disabled=${peers.length === 0}
          @click=${() => this.renderRoot.querySelector("input")?.click()}
        >
          <antiphon-icon name="paperclip"></antiphon-icon>
        </button>
        <input type="file" multiple hidden aria-label="File to send" @change=${this.#takeFiles} />
        <textarea
          rows="1"
          maxlength=${MAX_LENGTH}
          aria-label="Message"
          placeholder="Message"
          @keydown=${this.#enter}
        ></textarea>
        <button type="submit" class="primary icon" aria-label="Send">
          <antiphon-icon name="send"></antiphon-icon>
        </button>
      </form>
    `;
  }

  get #isMain(): boolean {
    return this.standsIn && this.#narrow.matches;
  }

  #entry({ author, isOwn, text, at, file }: ChatEntry): TemplateResult {
    return html`
      <li class="${isOwn ? "own" : ""} ${file === undefined ? "" : "file"}">
        <div class="by"><span>${author}</span><time>${timeOfDay.format(at)}</time></div>
        ${
          file === undefined
            ? html`<p>${linkifiedText(text)}</p>`
            : html`<antiphon-file-card
                .incoming=${"incoming" in file ? file.incoming : undefined}
                .outgoing=${"outgoing" in file ? file.outgoing : undefined}
                .nameOf=${this.#nameOf}
              ></antiphon-file-card>`
        }
      </li>
    `;
  }

  readonly #nameOf = (peerId: string): string =>
    this.session.peers.find(({ id }) => id === peerId)?.name ?? "somebody who left";

  readonly #drop = (event: DragEvent): void => {
    event.preventDefault();
    this.#sendFiles(event.dataTransfer?.files ?? []);
  };

  readonly #dragOver = (event: DragEvent): void => event.preventDefault();

  readonly #keydown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") {
      event.stopPropagation();
      this.session.chat.toggle(false);
    }
  };

  #takeFiles(event: Event): void {
    if (event.currentTarget instanceof HTMLInputElement) {
      this.#sendFiles(event.currentTarget.files ?? []);
      event.currentTarget.value = "";
    }
  }

  #sendFiles(files: Iterable<File>): void {
    for (const file of files) {
      this.session.chat.sendFile(file);
    }
  }

  #enter(event: KeyboardEvent): void {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#submit();
    }
  }

  #send(event: SubmitEvent): void {
    event.preventDefault();
    this.#submit();
  }

  #submit(): void {
    const field = this.renderRoot.querySelector("textarea");
    if (field === null || field.value.trim() === "") {
      return;
    }
    try {
      this.session.chat.send(field.value);
      field.value = "";
    } catch (error) {
      if (!(error instanceof RangeError)) {
        throw error;
      }
      notices.show(error.message, { tone: "warn" });
    }
  }
}

customElements.define("antiphon-chat-drawer", AntiphonChatDrawer);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-chat-drawer": AntiphonChatDrawer;
  }
}
