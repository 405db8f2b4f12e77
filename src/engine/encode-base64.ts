/** Characters made at a time: more arguments than this some engines refuse. */
const CHUNK = 4_096;

/** Bytes as base64 text. Not for audio threads, whose scope has no btoa. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(text);
}
