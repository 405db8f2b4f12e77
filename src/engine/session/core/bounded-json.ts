/** JSON nested deeper than this is refused before it is parsed. */
const MAX_DEPTH = 12;

/** Why a text was refused. */
export type JsonRefusal = "too-long" | "too-deep" | "not-json";

/** The value of a JSON text from somebody untrusted, or why it was refused. Never throws. */
export function parseBoundedJson(
  text: string,
  maxLength: number,
): { readonly value: unknown } | { readonly refusal: JsonRefusal } {
  if (text.length > maxLength) {
    return { refusal: "too-long" };
  }
  if (isTooDeep(text)) {
    return { refusal: "too-deep" };
  }
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { refusal: "not-json" };
  }
}

/** Brackets inside strings count as well when the text is broken; it is refused one way or the other. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (isInString) {
      if (code === 92) {
        index += 1;
      } else if (code === 34) {
        isInString = false;
      }
    } else if (code === 34) {
      isInString = true;
    } else if (code === 91 || code === 123) {
      depth += 1;
      if (depth > MAX_DEPTH) {
        return true;
      }
    } else if (code === 93 || code === 125) {
      depth -= 1;
    }
  }
  return false;
}
