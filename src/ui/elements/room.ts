import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Peer, PeerLeftReason, VoiceEngineOptions, VoiceError } from "../../engine/index.ts";
import { preferences } from "../controllers/preferences.ts";
import { VoiceSession } from "../controllers/voice-session.ts";
import type { ErrorAction } from "../parts/error-advice.ts";
import "../screens/call/antiphon-call-screen.ts";
import "../screens/lobby/antiphon-lobby-screen.ts";
import "../shell/antiphon-call-bar.ts";
import "../shell/antiphon-chat-drawer.ts";
import "../shell/antiphon-notices.ts";
import "../tokens/tokens.css";

/** Events of `<antiphon-room>`, by name. */
export type AntiphonRoomEventMap = {
  readonly joined: CustomEvent<{ readonly name: string }>;
  readonly left: CustomEvent<object>;
  readonly "peer-joined": CustomEvent<{ readonly peer: Peer }>;
  readonly "peer-left": CustomEvent<{ readonly peer: Peer; readonly reason: PeerLeftReason }>;
  readonly failed: CustomEvent<{ readonly error: VoiceError }>;
};

/**
 * A room to put on any page: the way in, the people, the chat and the call bar. Give it a size.
 *
 * @attr name - name of the room
 * @attr secret - what members prove to know; leave it out to let in whoever knows the name
 * @attr display-name - how the others see you
 * @fires {CustomEvent<{ name: string }>} joined - after entering
 * @fires {CustomEvent<object>} left - after leaving, for whatever reason
 * @fires {CustomEvent<{ peer: Peer }>} peer-joined - somebody has come
 * @fires {CustomEvent<{ peer: Peer, reason: PeerLeftReason }>} peer-left - somebody has gone
 * @fires {CustomEvent<{ error: VoiceError }>} failed - something did not work; the element shows the remedy itself
 * @csspart screen - the scrolling part above the call bar
 * @cssprop --antiphon-accent - colour of what can be pressed
 * @cssprop --antiphon-bg - behind everything
 * @cssprop --antiphon-surface - of cards
 * @cssprop --antiphon-font - typeface
 */
export class AntiphonRoom extends LitElement {
  static override properties = {
    name: { reflect: true },
    secret: {},
    displayName: { attribute: "display-name" },
    engineOptions: { attribute: false },
  };
  static override styles = css`
    :host {
      display: grid;
      grid-template-rows: minmax(0, 1fr) auto auto;
      min-block-size: 320px;
      background: var(--antiphon-bg);
      color: var(--antiphon-text);
      font: 400 var(--antiphon-font-size) / 1.45 var(--antiphon-font);
      font-variant-numeric: tabular-nums;
    }
    .middle {
      display: flex;
      min-block-size: 0;
    }
    .screen {
      flex: 1;
      min-inline-size: 0;
      overflow: auto;
    }
  `;

  declare name: string;
  declare secret: string | undefined;
  declare displayName: string;
  /** Signalling, ICE servers and assets of the engine. Set it before the element is connected. */
  declare engineOptions: Omit<VoiceEngineOptions, "settings"> | undefined;
  #session: VoiceSession | undefined;
  #wasInRoom = false;
  #failure: VoiceError | undefined;
  #roomLifetime: AbortController | undefined;

  constructor() {
    super();
    this.name = "";
    this.displayName = "";
  }

  /** The session behind the element, once it has rendered: its engine and its room. */
  get session(): VoiceSession | undefined {
    return this.#session;
  }

  /** Enters the room, asking for the microphone where needed. Call it in a user gesture. */
  async join(options: { readonly isListenOnly?: boolean } = {}): Promise<void> {
    await this.updateComplete;
    await this.#session?.join({ isListenOnly: options.isListenOnly === true });
  }

  /** Leaves the room. */
  leave(): void {
    this.#session?.leave();
  }

  override addEventListener<Type extends keyof AntiphonRoomEventMap>(
    type: Type,
    listener: (event: AntiphonRoomEventMap[Type]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void {
    super.addEventListener(type, listener, options);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    super.addEventListener("act", this.#act);
    // Moved to another place of the page: leaving the old one has ended the session.
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    super.removeEventListener("act", this.#act);
    this.#end();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("displayName") && this.displayName !== "") {
      preferences.update({ name: this.displayName });
    }
    if (changed.has("name") || changed.has("secret") || this.#session === undefined) {
      this.#start();
    }
  }

  protected override render(): TemplateResult | typeof nothing {
    const session = this.#session;
    if (session === undefined) {
      return nothing;
    }
    const isInRoom = session.phase === "in-room";
    return html`
      <div class="middle">
        <div class="screen" part="screen">
          ${
            isInRoom
              ? html`<antiphon-call-screen .session=${session}></antiphon-call-screen>`
              : html`<antiphon-lobby-screen .session=${session}></antiphon-lobby-screen>`
          }
        </div>
        ${isInRoom && session.chat.isOpen ? html`<antiphon-chat-drawer .session=${session}></antiphon-chat-drawer>` : nothing}
      </div>
      <antiphon-notices></antiphon-notices>
      ${isInRoom ? html`<antiphon-call-bar .session=${session}></antiphon-call-bar>` : nothing}
    `;
  }

  #start(): void {
    this.#end();
    if (this.name === "") {
      return;
    }
    const session = new VoiceSession({
      room: { name: this.name, secret: this.secret },
      ...(this.engineOptions === undefined ? {} : { engine: this.engineOptions }),
    });
    this.#session = session;
    session.addEventListener("change", () => this.#follow(session));
    session.chat.addEventListener("change", () => this.requestUpdate());
    void session.start();
  }

  /** Leaves the page's audio and network as they were before. */
  #end(): void {
    this.#roomLifetime?.abort();
    this.#session?.close();
    this.#session = undefined;
    this.#failure = undefined;
    if (this.#wasInRoom) {
      this.#wasInRoom = false;
      tell(this, "left", {});
    }
  }

  /** A remedy under an error was pressed. */
  readonly #act = (event: Event): void => {
    if (event instanceof CustomEvent) {
      this.#session?.act(event.detail as ErrorAction);
    }
  };

  #follow(session: VoiceSession): void {
    if (session !== this.#session) {
      return;
    }
    this.requestUpdate();
    const { room, failure } = session;
    const isInRoom = room !== undefined;
    if (isInRoom && !this.#wasInRoom) {
      this.#roomLifetime = new AbortController();
      const { signal } = this.#roomLifetime;
      room.addEventListener("peer-joined", ({ peer }) => tell(this, "peer-joined", { peer }), { signal });
      room.addEventListener("peer-left", ({ peer, reason }) => tell(this, "peer-left", { peer, reason }), { signal });
      tell(this, "joined", { name: room.name });
    } else if (!isInRoom && this.#wasInRoom) {
      this.#roomLifetime?.abort();
      tell(this, "left", {});
    }
    this.#wasInRoom = isInRoom;
    if (failure !== undefined && failure !== this.#failure) {
      tell(this, "failed", { error: failure });
    }
    this.#failure = failure;
  }
}

function tell(room: AntiphonRoom, type: keyof AntiphonRoomEventMap, detail: object): void {
  room.dispatchEvent(new CustomEvent(type, { detail }));
}

customElements.define("antiphon-room", AntiphonRoom);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-room": AntiphonRoom;
  }
}
