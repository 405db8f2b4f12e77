import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { KeyAction } from "../../engine/index.ts";
import { SessionController } from "../controllers/session-controller.ts";
import { SettingsController } from "../controllers/settings-controller.ts";
import { VoiceSession } from "../controllers/voice-session.ts";
import "../parts/antiphon-icon.ts";
import "../parts/antiphon-callout.ts";
import "../parts/antiphon-failure.ts";
import type { ErrorAction } from "../parts/error-advice.ts";
import "../screens/call/antiphon-call-screen.ts";
import "../screens/lobby/antiphon-lobby-screen.ts";
import { baseStyles, controlStyles } from "../tokens/control-styles.ts";
import "./antiphon-call-bar.ts";
import "./antiphon-chat-drawer.ts";
import "./antiphon-help-dialog.ts";
import "./antiphon-notices.ts";
import "./antiphon-tabs.ts";
import { appStyles } from "./app-styles.ts";
import { hasScreen, loadScreen } from "./load-screen.ts";
import { formatRoute, type ScreenName } from "./route.ts";
import { Shortcuts } from "./shortcuts.ts";
import { cycleTheme, type ThemeChoice } from "./theme.ts";

const themeIcons = { system: "theme", light: "sun", dark: "moon" } as const satisfies Record<ThemeChoice, string>;

/** The page: header, the screen the address names, and the call bar. Owns the session. */
export class AntiphonApp extends LitElement {
  static override styles = [baseStyles, controlStyles, appStyles];

  readonly session = new VoiceSession();
  readonly #settings = new SettingsController(this);
  #shortcuts: Shortcuts | undefined;

  constructor() {
    super();
    new SessionController(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("hashchange", this.#followAddress);
    addEventListener("pagehide", this.#leavePage);
    this.addEventListener("act", this.#act);
    this.#shortcuts = new Shortcuts({
      perform: (action) => this.#perform(action),
      talk: (isDown) => this.session.talk(isDown),
      focusPeer: (index) => this.renderRoot.querySelector("antiphon-call-screen")?.focusPeer(index),
    });
    this.session.chat.addEventListener("change", this.#refresh);
    void this.session.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("hashchange", this.#followAddress);
    removeEventListener("pagehide", this.#leavePage);
    this.removeEventListener("act", this.#act);
    this.session.chat.removeEventListener("change", this.#refresh);
    this.#shortcuts?.close();
  }

  protected override render(): TemplateResult {
    const { session } = this;
    const { screen } = session.route;
    const isInRoom = session.phase === "in-room";
    return html`
      <header>
        <a class="brand" href=${this.#addressOf("call")} aria-label="Antiphon, to the call">
          <antiphon-icon name="antiphon"></antiphon-icon><span>Antiphon</span>
        </a>
        <antiphon-tabs class="wide" .screen=${screen} .addressOf=${this.#addressOf}></antiphon-tabs>
        <div class="tools">${this.#tools()}</div>
      </header>
      <div class="middle">
        <main tabindex="-1">${this.#banners()} ${this.#screen(screen)}</main>
        ${isInRoom && session.chat.isOpen ? html`<antiphon-chat-drawer standsIn .session=${session}></antiphon-chat-drawer>` : nothing}
      </div>
      <antiphon-notices></antiphon-notices>
      ${isInRoom ? html`<antiphon-call-bar .session=${session}></antiphon-call-bar>` : nothing}
      <antiphon-tabs class="narrow" stacked .screen=${screen} .addressOf=${this.#addressOf}></antiphon-tabs>
      <antiphon-help-dialog></antiphon-help-dialog>
    `;
  }

  #tools(): TemplateResult {
    const { theme } = this.#settings.settings.ui;
    return html`
      <button
        type="button"
        class="quiet icon"
        aria-label="Colours: ${theme}"
        title="Colours: ${theme}"
        @click=${cycleTheme}
      >
        <antiphon-icon name=${themeIcons[theme]}></antiphon-icon>
      </button>
      <button
        type="button"
        class="quiet icon"
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts (?)"
        @click=${() => this.#perform("help")}
      >
        <antiphon-icon name="help"></antiphon-icon>
      </button>
    `;
  }

  /** What concerns every screen. The lobby shows failures inside its own form. */
  #banners(): TemplateResult {
    const { session } = this;
    const isLobby = session.phase !== "in-room" && session.route.screen === "call";
    return html`
      <div class="banners">
        ${
          session.isSuspended
            ? html`<antiphon-callout tone="warn" heading="The browser is holding the sound back">
                <p>It waits for a click or tap before anything may play.</p>
                <div><button type="button" class="compact" @click=${() => session.resume()}>Turn sound on</button></div>
              </antiphon-callout>`
            : nothing
        }
        ${this.#hint()}
        ${
          session.isReconnecting
            ? html`<antiphon-callout role="status" tone="warn" heading="Reconnecting…">
                <p>The connection broke. Your settings stay; the call goes on as soon as the way is back.</p>
              </antiphon-callout>`
            : nothing
        }
        ${this.#recordingNotice()}
        ${
          isLobby
            ? nothing
            : html`<antiphon-failure .error=${session.failure} .exclude=${["join-listen-only"]}></antiphon-failure>`
        }
      </div>
    `;
  }

  /** Nobody is recorded without knowing it. */
  #recordingNotice(): TemplateResult | typeof nothing {
    const names = this.session.peers.filter(({ isRecording }) => isRecording).map(({ name }) => name);
    if (names.length === 0) {
      return nothing;
    }
    return html`<antiphon-callout role="status" tone="warn" heading="This call is being recorded">
      <p>${names.join(", ")} ${names.length === 1 ? "records" : "record"} everybody, you included.</p>
    </antiphon-callout>`;
  }

  /** What the microphone would have noticed itself. */
  #hint(): TemplateResult | typeof nothing {
    const { session } = this;
    if (session.engine?.notes.recording !== undefined) {
      // Whoever records a note is muted on purpose and speaks.
      return nothing;
    }
    switch (session.hint) {
      case "none":
        return nothing;
      case "silent":
        return html`<antiphon-callout role="status" tone="warn" heading="Your microphone is open, but silent">
          <p>A switch on it or the system's own mute may be off. Or choose another microphone in the Studio.</p>
        </antiphon-callout>`;
      case "talking-while-muted":
        return html`<antiphon-callout role="status" tone="info" heading="You are muted">
          <p>You seem to speak. Nobody hears it.</p>
          <div><button type="button" class="compact" @click=${() => session.toggleMute()}>Unmute</button></div>
        </antiphon-callout>`;
    }
  }

  #screen(screen: ScreenName): TemplateResult {
    const { session } = this;
    switch (screen) {
      case "call":
        return session.phase === "in-room"
          ? html`<antiphon-call-screen .session=${session}></antiphon-call-screen>`
          : html`<antiphon-lobby-screen .session=${session}></antiphon-lobby-screen>`;
      case "studio":
        return html`${loadScreen(screen)}<antiphon-studio-screen .session=${session}></antiphon-studio-screen>`;
      case "mixer":
        return html`${loadScreen(screen)}<antiphon-mixer-screen .session=${session}></antiphon-mixer-screen>`;
      case "notes":
        return html`${loadScreen(screen)}<antiphon-notes-screen .session=${session}></antiphon-notes-screen>`;
      case "benchmark":
        return html`${loadScreen(screen)}<antiphon-benchmark-screen .session=${session}></antiphon-benchmark-screen>`;
      case "diagnostics":
        return html`${loadScreen(screen)}<antiphon-diagnostics-screen .session=${session}></antiphon-diagnostics-screen>`;
    }
  }

  readonly #refresh = (): void => this.requestUpdate();

  readonly #addressOf = (screen: ScreenName): string => formatRoute({ ...this.session.route, screen });

  readonly #followAddress = (): void => this.session.followAddress();

  readonly #leavePage = (): void => this.session.close();

  readonly #act = (event: Event): void => {
    if (event instanceof CustomEvent) {
      this.session.act(event.detail as ErrorAction);
    }
  };

  #perform(action: KeyAction): void {
    switch (action) {
      case "mute":
        this.session.toggleMute();
        break;
      case "deafen":
        this.session.toggleDeafen();
        break;
      case "chat":
        if (this.session.phase === "in-room") {
          this.session.chat.toggle();
        }
        break;
      case "studio":
      case "mixer":
      case "diagnostics":
      case "benchmark":
        this.#toggleScreen(action);
        break;
      case "note":
        this.#toggleScreen("notes");
        break;
      case "help":
        this.renderRoot.querySelector("antiphon-help-dialog")?.show();
        break;
    }
  }

  #toggleScreen(screen: ScreenName): void {
    if (!hasScreen(screen)) {
      return;
    }
    location.hash = this.#addressOf(this.session.route.screen === screen ? "call" : screen);
  }
}

customElements.define("antiphon-app", AntiphonApp);

declare global {
  interface HTMLElementTagNameMap {
    "antiphon-app": AntiphonApp;
  }
}
