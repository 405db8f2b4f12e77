import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Settings } from "../../engine/index.ts";
import { settingsStore } from "./settings-store.ts";

/** Renders its element again whenever the settings document changes. */
export class SettingsController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #connection: AbortController | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  get settings(): Settings {
    return settingsStore.settings;
  }

  hostConnected(): void {
    this.#connection = new AbortController();
    settingsStore.addEventListener("change", () => this.#host.requestUpdate(), { signal: this.#connection.signal });
  }

  hostDisconnected(): void {
    this.#connection?.abort();
  }
}
