import type { ReactiveController, ReactiveControllerHost } from "lit";

/** Width under which the page takes its narrow form: the same limit stands in the style sheets. */
export const NARROW = "(max-width: 719px)";

/** Renders its element again when a media query begins or ceases to match. */
export class MediaQueryController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #list: MediaQueryList;

  constructor(host: ReactiveControllerHost, query: string) {
    this.#host = host;
    this.#list = matchMedia(query);
    host.addController(this);
  }

  get matches(): boolean {
    return this.#list.matches;
  }

  hostConnected(): void {
    this.#list.addEventListener("change", this.#update);
  }

  hostDisconnected(): void {
    this.#list.removeEventListener("change", this.#update);
  }

  readonly #update = (): void => this.#host.requestUpdate();
}
