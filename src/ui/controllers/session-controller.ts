import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { VoiceSession } from "./voice-session.ts";

/** An element that shows part of a session. */
export type SessionHost = ReactiveControllerHost & { readonly session: VoiceSession };

/** Renders its element again whenever the session has changed. The session is a property of the element, set before it renders. */
export class SessionController implements ReactiveController {
  readonly #host: SessionHost;
  #connection: AbortController | undefined;

  constructor(host: SessionHost) {
    this.#host = host;
    host.addController(this);
  }

  /**
   * Begins before the first rendering rather than on connection: an element that was in the page before its code gets its
   * properties only then.
   */
  hostUpdate(): void {
    if (this.#connection === undefined) {
      this.#connection = new AbortController();
      const { signal } = this.#connection;
      this.#host.session.addEventListener("change", () => this.#host.requestUpdate(), { signal });
    }
  }

  hostConnected(): void {
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#connection?.abort();
    this.#connection = undefined;
  }
}
