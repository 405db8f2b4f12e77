/** The longest name shown, in characters. */
export const MAX_NAME_LENGTH = 48;

/** Shown for somebody whose name has nothing to show. */
export const NAMELESS = "Guest";

/**
 * Control and format characters (direction overrides, joiners, tags), private use, surrogates and unassigned code points:
 * they can reverse, hide or imitate text.
 */
const INVISIBLE = /\p{C}|\p{Zl}|\p{Zp}|\u034f|\u115f|\u1160|\u17b4|\u17b5|\u3164|\uffa0/gu;

/** More combining marks than this on one letter are stacked over other people's names. */
const STACKED_MARKS = /(\p{M}{3})\p{M}+/gu;

/** A name or label that others chose, made fit for showing: visible characters only, one line, at most `maxLength`. */
export function displayName(text: string, maxLength: number = MAX_NAME_LENGTH): string {
  const visible = text
    .slice(0, maxLength * 8)
    .normalize("NFC")
    .replace(/\s/gu, " ")
    .replace(INVISIBLE, "")
    .replace(STACKED_MARKS, "$1")
    .replace(/ +/g, " ")
    .trim();
  return Array.from(visible).slice(0, maxLength).join("").trim() || NAMELESS;
}
