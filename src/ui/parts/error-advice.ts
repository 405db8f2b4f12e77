import type { VoiceErrorCode } from "../../engine/index.ts";

/** What a person can do about an error from inside the page. */
export type ErrorAction =
  | "retry-microphone"
  | "join-listen-only"
  | "retry-join"
  | "new-room"
  | "resume-audio"
  | "reload";

/** An error in the words of its reader: what happened, and what to do. */
export type ErrorAdvice = {
  readonly title: string;
  readonly remedy: string;
  readonly actions: readonly ErrorAction[];
};

/** The words on the button of each action. */
export const actionLabels: Readonly<Record<ErrorAction, string>> = {
  "retry-microphone": "Try the microphone again",
  "join-listen-only": "Join listen-only",
  "retry-join": "Try again",
  "new-room": "Start a new room",
  "resume-audio": "Turn sound on",
  reload: "Reload the page",
};

const advice: Readonly<Record<VoiceErrorCode, ErrorAdvice>> = {
  "permission-denied": {
    title: "The microphone is blocked for this page",
    remedy: "",
    actions: ["retry-microphone", "join-listen-only"],
  },
  "no-microphone": {
    title: "No microphone found",
    remedy: "Plug one in or switch it on; it appears here by itself. Without one you can still listen.",
    actions: ["retry-microphone", "join-listen-only"],
  },
  "microphone-busy": {
    title: "The microphone would not start",
    remedy: "Another application may be holding it. Close that application, or choose another microphone.",
    actions: ["retry-microphone", "join-listen-only"],
  },
  overconstrained: {
    title: "This microphone cannot do what the settings ask for",
    remedy: "Choose another microphone, or reset the Input card in the Studio.",
    actions: ["retry-microphone", "join-listen-only"],
  },
  "insecure-context": {
    title: "This address is not secure, so the browser offers no microphone",
    remedy: "Open the page over https://, or as http://localhost on the machine that runs it.",
    actions: [],
  },
  "audio-suspended": {
    title: "The browser is holding the sound back",
    remedy: "It waits for a click or tap on the page before anything may play.",
    actions: ["resume-audio"],
  },
  "output-unavailable": {
    title: "That speaker cannot be used",
    remedy: "Sound plays on the default speaker. Reconnect the device or choose another one.",
    actions: [],
  },
  "signalling-unreachable": {
    title: "The meeting point cannot be reached",
    remedy: "Check your connection, and that the server this page came from is still running.",
    actions: ["retry-join"],
  },
  "room-full": {
    title: "This room is full",
    remedy: "Wait until someone leaves, or start a room of your own.",
    actions: ["retry-join", "new-room"],
  },
  "wrong-secret": {
    title: "This link does not open the room",
    remedy: "The key in it is missing or mistyped. Ask for the link again and open it as a whole.",
    actions: ["new-room"],
  },
  intercepted: {
    title: "Somebody is listening in between",
    remedy: "The server that brings you together has been tampered with. Nothing was said yet; use another server.",
    actions: [],
  },
  "not-admitted": {
    title: "You were not let in",
    remedy: "The room is locked, or its host refused or removed you. Ask the host in another way.",
    actions: ["retry-join", "new-room"],
  },
  "version-mismatch": {
    title: "The other side runs another version",
    remedy: "Reload on both sides, so that everyone has the newest page.",
    actions: ["reload"],
  },
  "peer-unreachable": {
    title: "No way through to the other side was found",
    remedy:
      "A firewall on one of the two networks is in the way. Try another network, or set up a relay (TURN) server.",
    actions: ["retry-join"],
  },
  "worklet-failed": {
    title: "The audio engine stopped",
    remedy: "Reload the page. If it happens again, the export on the Diagnostics screen shows why.",
    actions: ["reload"],
  },
  "wasm-failed": {
    title: "The audio engine could not be loaded",
    remedy: "Reload the page. A content blocker that forbids WebAssembly also causes this.",
    actions: ["reload"],
  },
  "storage-full": {
    title: "The browser's storage for this page is full",
    remedy: "Delete recordings you no longer need, or free space on the disk.",
    actions: [],
  },
  unsupported: {
    title: "This browser is missing something Antiphon needs",
    remedy: "A current Chrome, Edge, Firefox or Safari has it.",
    actions: ["reload"],
  },
  closed: {
    title: "The call was closed",
    remedy: "Join again to go on.",
    actions: ["retry-join"],
  },
};

/** The words and remedy for an error code. `userAgent` picks the way back for a blocked microphone. */
export function adviceFor(code: VoiceErrorCode, userAgent: string): ErrorAdvice {
  const found = advice[code];
  return code === "permission-denied" ? { ...found, remedy: unblockingSteps(userAgent) } : found;
}

function unblockingSteps(userAgent: string): string {
  if (userAgent.includes("Firefox/")) {
    return "Click the crossed-out microphone at the left of the address bar, remove the block, and try again.";
  }
  if (userAgent.includes("Chrome/")) {
    return "Click the icon at the left of the address bar, allow Microphone there, and try again.";
  }
  if (userAgent.includes("Safari/")) {
    return "Open Settings for This Website from the address bar, set Microphone to Allow, and try again.";
  }
  return "Allow the microphone in the browser's settings for this page, and try again.";
}
