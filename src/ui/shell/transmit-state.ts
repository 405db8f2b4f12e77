import type { ActivationMode } from "../../engine/index.ts";
import type { IconName } from "../parts/icon-shapes.ts";

/** What the others hear of this microphone, as icon, word and colour. */
export type TransmitState = {
  readonly word: string;
  readonly icon: IconName;
  readonly tone: "idle" | "live" | "off" | "bad";
};

/** What the state is made from. */
export type TransmitFacts = {
  readonly hasMicrophone: boolean;
  readonly isLost: boolean;
  readonly isMuted: boolean;
  readonly isDeafened: boolean;
  readonly isTransmitting: boolean;
  readonly isTalkKeyActive: boolean;
  /** The key is up, so an active talk key is a locked one. */
  readonly isTalkKeyDown: boolean;
  readonly mode: ActivationMode;
};

/** The state in words. What stops the microphone comes before what opens it. */
export function transmitState(facts: TransmitFacts): TransmitState {
  if (facts.isLost) {
    return { word: "Microphone lost", icon: "microphone-lost", tone: "bad" };
  }
  if (facts.isDeafened) {
    return { word: "Deafened", icon: "headphones-off", tone: "off" };
  }
  if (!facts.hasMicrophone) {
    return { word: "Listening only", icon: "headphones", tone: "idle" };
  }
  if (facts.isMuted) {
    return { word: "Muted", icon: "microphone-off", tone: "off" };
  }
  const talks = facts.mode === "push-to-talk" && facts.isTalkKeyActive;
  if (talks && !facts.isTalkKeyDown) {
    return { word: "Talk locked", icon: "lock", tone: "live" };
  }
  if (talks) {
    return { word: "Talk key held", icon: "talk", tone: "live" };
  }
  if (facts.isTransmitting) {
    return { word: "Transmitting", icon: "broadcast", tone: "live" };
  }
  return { word: "Listening", icon: "microphone", tone: "idle" };
}
