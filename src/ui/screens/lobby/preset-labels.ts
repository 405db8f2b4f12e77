import type { PresetName } from "../../../engine/index.ts";

/** The presets of the whole chain in the words of the page. */
export const presetLabels: Readonly<Record<PresetName, string>> = {
  headphones: "Headphones",
  speakers: "Speakers",
  music: "Music",
  "low-bandwidth": "Low bandwidth",
};
