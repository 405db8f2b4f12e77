import type { LitElement, ReactiveController } from "lit";

/**
 * Makes the buttons of a toolbar one stop of the Tab key: arrow keys, Home and End move between them (ARIA toolbar pattern).
 */
export class RovingFocus implements ReactiveController {
  readonly #host: LitElement;
  readonly #selector: string;
  #current: HTMLElement | undefined;

  /** `selector` finds the members inside the host's shadow root. */
  constructor(host: LitElement, selector: string) {
    this.#host = host;
    this.#selector = selector;
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.addEventListener("keydown", this.#keydown);
    this.#host.addEventListener("focusin", this.#focusin);
  }

  hostDisconnected(): void {
    this.#host.removeEventListener("keydown", this.#keydown);
    this.#host.removeEventListener("focusin", this.#focusin);
  }

  hostUpdated(): void {
    const members = this.#members();
    if (this.#current === undefined || !members.includes(this.#current)) {
      this.#current = members[0];
    }
    for (const member of members) {
      member.tabIndex = member === this.#current ? 0 : -1;
    }
  }

  #members(): readonly HTMLElement[] {
    return [...this.#host.renderRoot.querySelectorAll<HTMLElement>(this.#selector)].filter(
      (member) => !member.matches(":disabled"),
    );
  }

  readonly #focusin = (event: FocusEvent): void => {
    const [target] = event.composedPath();
    if (target instanceof HTMLElement && this.#members().includes(target)) {
      this.#current = target;
      this.hostUpdated();
    }
  };

  readonly #keydown = (event: KeyboardEvent): void => {
    const members = this.#members();
    const index = this.#current === undefined ? -1 : members.indexOf(this.#current);
    const [target] = event.composedPath();
    if (index < 0 || target !== this.#current) {
      return;
    }
    const next = nextIndex(event.key, { index, count: members.length });
    if (next !== undefined) {
      event.preventDefault();
      members[next]?.focus();
    }
  };
}

function nextIndex(
  key: string,
  { index, count }: { readonly index: number; readonly count: number },
): number | undefined {
  switch (key) {
    case "ArrowRight":
    case "ArrowDown":
      return (index + 1) % count;
    case "ArrowLeft":
    case "ArrowUp":
      return (index - 1 + count) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}
