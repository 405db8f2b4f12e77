import type { Note } from "./note.ts";
import { barsOf } from "./waveform-peaks.ts";

/** The `kind` under which notes travel as files. */
export const NOTE_FILE_KIND = "voice-note";

/** What is known of a note before its sound has arrived. */
export type NoteOffer = {
  /** Samples at 48 kHz per channel. */
  readonly samples: number;
  /** The waveform in {@link OFFER_BARS} bars of 0…255. */
  readonly bars: Uint8Array<ArrayBuffer>;
  readonly title: string;
};

/** Bars of a note's waveform on the wire, as many as its bubble shows. */
export const OFFER_BARS = 64;

/** Longest note that is taken from others: two hours. */
const LONGEST_SAMPLES = 48_000 * 7_200;
const LONGEST_TITLE = 200;

/** What a sender tells along with the offer of a note, as JSON: the waveform is there before the sound. */
export function describeNote({ samples, peaks, title }: Note): Readonly<Record<string, unknown>> {
  return { samples, title, bars: btoa(String.fromCharCode(...barsOf(peaks, OFFER_BARS))) };
}

/** Reads what an untrusted peer says about a note. Undefined when it makes no sense; never throws. */
export function parseNoteOffer(metadata: unknown): NoteOffer | undefined {
  if (typeof metadata !== "object" || metadata === null) return undefined;
  const { samples, title, bars } = metadata as Readonly<Record<string, unknown>>;
  if (typeof samples !== "number" || !Number.isInteger(samples) || samples < 1 || samples > LONGEST_SAMPLES) {
    return undefined;
  }
  if (typeof title !== "string" || typeof bars !== "string" || bars.length > 4 * OFFER_BARS) return undefined;
  const decoded = decodeBars(bars);
  return decoded === undefined ? undefined : { samples, bars: decoded, title: title.slice(0, LONGEST_TITLE) };
}

function decodeBars(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    return bytes.length === OFFER_BARS ? bytes : undefined;
  } catch {
    // No base64: a broken or hostile sender.
    return undefined;
  }
}
