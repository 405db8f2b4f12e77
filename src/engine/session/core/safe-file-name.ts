import { displayName } from "./display-name.ts";

/** The longest file name kept, in characters. File systems stop at 255 bytes. */
const MAX_LENGTH = 80;

/** Used for a file whose name has nothing left to show. */
const FALLBACK = "file";

/** Separators of paths, and what Windows does not allow in names. */
const FORBIDDEN = /[/\\:*?"<>|]/g;

/** Names that Windows gives to devices, with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/**
 * A file name that a peer chose, made fit for saving: the last part of a path only, no invisible or forbidden
 * characters, not hidden, not a device, with its extension, at most 80 characters.
 */
export function safeFileName(name: string): string {
  const last = name.split(/[/\\]/).findLast((part) => part.trim() !== "") ?? "";
  const cleaned = last.replace(FORBIDDEN, "_").replace(/^[.\s]+|[.\s]+$/g, "");
  if (cleaned === "") {
    return FALLBACK;
  }
  const shown = displayName(cleaned, 4 * MAX_LENGTH).replace(DEVICE, "_$&");
  const dot = shown.lastIndexOf(".");
  const extension = dot > 0 && shown.length - dot <= 16 ? shown.slice(dot) : "";
  const stem = Array.from(shown.slice(0, shown.length - extension.length));
  return stem.slice(0, MAX_LENGTH - extension.length).join("") + extension;
}
