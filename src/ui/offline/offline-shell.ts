import { TypedEventTarget } from "../../engine/index.ts";
import type { ToServiceWorker } from "./service-worker-messages.ts";

/** Set while a reload for the sake of isolation is under way: a host where it does not help is not reloaded for ever. */
const RELOADED_KEY = "antiphon.isolation-reload";

/** How often a page that stays open looks for a new version, ms. */
const UPDATE_INTERVAL_MS = 60 * 60_000;

/**
 * The page's side of its service worker: works offline after the first visit, is isolated on hosts that send no headers for
 * it, and learns of new versions. A new version never takes over by itself: `update` does it, when nobody is in a call.
 */
export class OfflineShell extends TypedEventTarget<{ "update-ready": object }> {
  #registration: ServiceWorkerRegistration | undefined;
  #isUpdating = false;

  /** Whether a new version waits for `update`. */
  get hasUpdate(): boolean {
    return this.#registration?.waiting !== null && this.#registration?.waiting !== undefined;
  }

  /**
   * Registers the worker at `url`, relative to the page. Does nothing where service workers are missing or forbidden: the page
   * works without.
   */
  async start(url: string): Promise<void> {
    if (!("serviceWorker" in navigator) || !isSecureContext) return;
    let registration: ServiceWorkerRegistration;
    try {
      registration = await navigator.serviceWorker.register(url, { updateViaCache: "none" });
    } catch (error) {
      // Storage may be blocked (private windows, policies); the page then merely has no offline shell.
      if (error instanceof DOMException || error instanceof TypeError) return;
      throw error;
    }
    this.#registration = registration;
    navigator.serviceWorker.addEventListener("controllerchange", () => this.#reloadOnce());
    registration.addEventListener("updatefound", () => this.#followInstallation(registration));
    this.#followInstallation(registration);
    if (this.hasUpdate && navigator.serviceWorker.controller !== null) this.emit("update-ready", {});
    setInterval(() => void registration.update().catch(() => undefined), UPDATE_INTERVAL_MS);
    if (!crossOriginIsolated) {
      const { active } = await navigator.serviceWorker.ready;
      if (navigator.serviceWorker.controller === null) send(active, { type: "claim" });
    }
  }

  /** Puts the waiting version in place and reloads the page. Does nothing when there is none. */
  update(): void {
    this.#isUpdating = true;
    send(this.#registration?.waiting ?? null, { type: "take-over" });
  }

  #followInstallation({ installing }: ServiceWorkerRegistration): void {
    installing?.addEventListener("statechange", () => {
      // Without a controller this is the first installation, not an update.
      if (installing.state === "installed" && navigator.serviceWorker.controller !== null)
        this.emit("update-ready", {});
    });
  }

  #reloadOnce(): void {
    const needsIsolation = !crossOriginIsolated && sessionStorage.getItem(RELOADED_KEY) === null;
    if (!this.#isUpdating && !needsIsolation) return;
    if (needsIsolation) sessionStorage.setItem(RELOADED_KEY, "1");
    location.reload();
  }
}

function send(worker: ServiceWorker | null, message: ToServiceWorker): void {
  worker?.postMessage(message);
}
