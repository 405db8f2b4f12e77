import type { ReactiveController, ReactiveControllerHost } from "lit";

/**
 * Samples a slowly changing value (a transmit state, statistics) a few times a second while the page is visible, and renders its
 * element only when the value has become another one.
 */
export class SamplingController<Value> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #sample: () => Value;
  readonly #intervalMs: number;
  #value: Value;
  #fingerprint = "";
  #timer: ReturnType<typeof setInterval> | undefined;

  /** `sample` returns plain data; two samples are the same when their JSON is. */
  constructor(
    host: ReactiveControllerHost,
    options: { readonly intervalMs: number; readonly initial: Value; readonly sample: () => Value },
  ) {
    this.#host = host;
    this.#sample = options.sample;
    this.#intervalMs = options.intervalMs;
    this.#value = options.initial;
    host.addController(this);
  }

  /** The newest sample. */
  get value(): Value {
    return this.#value;
  }

  hostConnected(): void {
    this.#timer = setInterval(() => {
      if (document.visibilityState === "visible") {
        this.refresh();
      }
    }, this.#intervalMs);
  }

  hostDisconnected(): void {
    clearInterval(this.#timer);
  }

  /** Samples at once. */
  refresh(): void {
    const value = this.#sample();
    const fingerprint = JSON.stringify(value);
    if (fingerprint !== this.#fingerprint) {
      this.#fingerprint = fingerprint;
      this.#value = value;
      this.#host.requestUpdate();
    }
  }
}
