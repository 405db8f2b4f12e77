import type { KeyAction } from "../../engine/index.ts";

/** What each key action does, in the words of the help dialog. Only actions that the page offers stand here. */
export const keyActionLabels: Readonly<Partial<Record<KeyAction, string>>> = {
  mute: "Mute or unmute the microphone",
  deafen: "Deafen: hear nothing, send nothing",
  chat: "Chat",
  studio: "Studio, and back to the call",
  mixer: "Mixer, and back to the call",
  diagnostics: "Diagnostics, and back to the call",
  note: "Voice notes, and back to the call",
  benchmark: "Benchmark, and back to the call",
  help: "This list",
};

/** The legend of a key from its `KeyboardEvent.code`. */
export function keyName(code: string): string {
  if (code === "Slash") {
    return "?";
  }
  return code.replace(/^(Key|Digit)/, "").replace(/([a-z])([A-Z])/g, "$1 $2");
}
