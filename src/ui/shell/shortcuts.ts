import type { KeyAction } from "../../engine/index.ts";
import { settingsStore } from "../controllers/settings-store.ts";

/** What the keyboard can ask of the page. */
export type ShortcutTarget = {
  /** A key of the settings' key map was pressed. */
  readonly perform: (action: KeyAction) => void;
  /** The talk key went down or up. */
  readonly talk: (isDown: boolean) => void;
  /** A digit 1…9 was pressed. */
  readonly focusPeer: (index: number) => void;
};

/**
 * The page's keyboard: actions on keydown, the talk key on both edges. Keys typed into a field are left alone, and so is the talk key
 * on a control that the keyboard has focused, where Space presses the control.
 */
export class Shortcuts {
  readonly #target: ShortcutTarget;
  readonly #connection = new AbortController();
  #isTalkDown = false;

  constructor(target: ShortcutTarget) {
    this.#target = target;
    const { signal } = this.#connection;
    addEventListener("keydown", (event) => this.#down(event), { signal });
    addEventListener("keyup", (event) => this.#up(event), { signal });
    // A key released while another window has the keyboard sends no keyup: every way out of the page lets go of it.
    addEventListener("blur", () => this.#releaseTalk(), { signal });
    addEventListener("pagehide", () => this.#releaseTalk(), { signal });
    document.addEventListener("visibilitychange", () => this.#releaseTalk(), { signal });
  }

  /** Stops listening and lets go of the talk key. */
  close(): void {
    this.#releaseTalk();
    this.#connection.abort();
  }

  #down(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event)) {
      if (event.repeat && this.#isTalkDown && event.code === talkKey()) {
        event.preventDefault();
      }
      return;
    }
    if (event.code === talkKey()) {
      if (!pressesControl(event)) {
        event.preventDefault();
        this.#isTalkDown = true;
        this.#target.talk(true);
      }
      return;
    }
    const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
    if (digit !== undefined && !event.shiftKey) {
      this.#target.focusPeer(Number(digit) - 1);
      return;
    }
    const action = actionFor(event);
    if (action !== undefined) {
      event.preventDefault();
      this.#target.perform(action);
    }
  }

  #up(event: KeyboardEvent): void {
    if (this.#isTalkDown && event.code === talkKey()) {
      event.preventDefault();
      this.#releaseTalk();
    }
  }

  #releaseTalk(): void {
    if (this.#isTalkDown) {
      this.#isTalkDown = false;
      this.#target.talk(false);
    }
  }
}

function talkKey(): string {
  return settingsStore.settings.capture.pushToTalk.key;
}

function actionFor(event: KeyboardEvent): KeyAction | undefined {
  if (event.key === "?") {
    return "help";
  }
  const actions = Object.entries(settingsStore.settings.ui.keys) as readonly (readonly [KeyAction, string])[];
  return actions.find(([action, code]) => action !== "help" && code === event.code)?.[0];
}

function isTyping(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  if (target instanceof HTMLInputElement) {
    return !["range", "checkbox", "radio", "button"].includes(target.type);
  }
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLElement && target.isContentEditable)
  );
}

function pressesControl(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  return (
    target instanceof HTMLElement &&
    target.matches("button, a[href], summary, input, [role=button], [role=tab], [role=slider]") &&
    target.matches(":focus-visible")
  );
}
