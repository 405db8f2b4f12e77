import type { BrowserProcessing, InputSettings, MicrophoneGrant } from "../../../engine/index.ts";

/** One thing the browser granted, beside what was asked. */
export type GrantNote = { readonly text: string; readonly isAsAsked: boolean };

const processingNames: Readonly<Record<BrowserProcessing, string>> = {
  echoCancellation: "echo cancellation",
  noiseSuppression: "browser suppression",
  autoGainControl: "browser gain",
  voiceIsolation: "voice isolation",
};

/** What the browser granted of what was asked: format first, then processing that runs or that differs from the wish. */
export function describeGrants(grant: MicrophoneGrant | undefined, asked: InputSettings): readonly GrantNote[] {
  if (grant === undefined) {
    return [];
  }
  const notes: GrantNote[] = [];
  if (grant.isFallback) {
    notes.push({ text: `default device: ${grant.deviceLabel}`, isAsAsked: false });
  }
  if (grant.channelCount !== undefined && grant.sampleRate !== undefined) {
    const channels = grant.channelCount === 1 ? "mono" : `${grant.channelCount} channels`;
    notes.push({ text: `granted ${channels}, ${grant.sampleRate / 1000} kHz`, isAsAsked: true });
  }
  for (const [kind, name] of Object.entries(processingNames) as readonly (readonly [BrowserProcessing, string])[]) {
    const isGranted = grant.processing[kind];
    if (isGranted === undefined && asked[kind]) {
      notes.push({ text: `${name}: asked, not offered`, isAsAsked: false });
    } else if (isGranted !== undefined && isGranted !== asked[kind]) {
      notes.push({ text: `${name}: asked ${onOff(asked[kind])}, is ${onOff(isGranted)}`, isAsAsked: false });
    } else if (isGranted === true) {
      notes.push({ text: `${name} on`, isAsAsked: true });
    }
  }
  return notes;
}

function onOff(isOn: boolean): string {
  return isOn ? "on" : "off";
}
