import * as v from "valibot";

const peerMix = v.object({
  gainDb: v.pipe(v.number(), v.minValue(-100), v.maxValue(12)),
  pan: v.pipe(v.number(), v.minValue(-1), v.maxValue(1)),
  muted: v.optional(v.boolean(), false),
  autoLevel: v.optional(v.boolean(), false),
});

const schema = v.object({
  name: v.fallback(v.pipe(v.string(), v.maxLength(64)), ""),
  settings: v.optional(v.unknown()),
  mixes: v.fallback(v.record(v.string(), peerMix), {}),
});

/** How one person is mixed: gain in dB, position from −1 (left) to 1 (right), silenced, levelled. */
export type PeerMix = v.InferOutput<typeof peerMix>;

/** Everything the page remembers between visits. `settings` is the engine's document, validated by the engine. */
export type PreferenceValues = Readonly<v.InferOutput<typeof schema>>;

const STORAGE_KEY = "antiphon.preferences";

/** Writing waits this long after the last change, ms, so that a dragged slider writes once. */
const SAVE_DELAY_MS = 300;

/** The page's memory, kept in localStorage. Where the browser forbids storage it lasts as long as the page. */
class Preferences {
  #values: PreferenceValues;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.#values = v.parse(schema, readStored());
    addEventListener("pagehide", () => this.#save());
  }

  get values(): PreferenceValues {
    return this.#values;
  }

  /** Changes some values and writes them soon after. */
  update(changes: Partial<PreferenceValues>): void {
    this.#values = { ...this.#values, ...changes };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), SAVE_DELAY_MS);
  }

  /** Remembers how the person of that name is mixed. */
  rememberMix(name: string, mix: PeerMix): void {
    this.update({ mixes: { ...this.#values.mixes, [name]: mix } });
  }

  #save(): void {
    if (this.#timer === undefined) {
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      localStorage.setItem(STORAGE_KEY, JSON.stringify(this.#values));
    } catch (error) {
      if (!(error instanceof DOMException)) {
        throw error;
      }
      // Storage is forbidden or full: the values stay in memory for this visit.
    }
  }
}

function readStored(): unknown {
  try {
    return JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "{}") ?? {};
  } catch (error) {
    if (error instanceof DOMException || error instanceof SyntaxError) {
      return {};
    }
    throw error;
  }
}

/** The page's one memory. */
export const preferences = new Preferences();
