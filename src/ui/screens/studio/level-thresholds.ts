import { SETTING_RANGES, type Settings } from "../../../engine/index.ts";
import type { SettingPath } from "../../controllers/setting-path.ts";
import type { ThresholdMove } from "../../parts/antiphon-level-history.ts";
import type { Threshold } from "../../parts/level-history-painting.ts";

/** The thresholds that apply with these settings: gate levels while the level decides, and the limiter's ceiling. */
export function thresholdsOf({ capture }: Settings): readonly Threshold[] {
  const { activation, limiter } = capture;
  const isByLevel = activation.mode === "voice" && activation.detector === "level";
  return [
    ...(isByLevel
      ? [
          { id: "open", label: "opens", levelDb: activation.openDb, isMovable: true },
          { id: "close", label: "closes", levelDb: activation.closeDb, isMovable: true },
        ]
      : []),
    ...(limiter.isEnabled ? [{ id: "ceiling", label: "ceiling", levelDb: limiter.ceilingDb, isMovable: true }] : []),
  ];
}

/** Writes a dragged threshold into the settings. */
export function moveThreshold(
  { id, levelDb }: ThresholdMove,
  store: { readonly set: (path: SettingPath, value: unknown) => void },
): void {
  switch (id) {
    case "open":
      store.set("capture.activation.openDb", levelDb);
      break;
    case "close":
      store.set("capture.activation.closeDb", levelDb);
      break;
    case "ceiling":
      store.set("capture.limiter.ceilingDb", Math.max(SETTING_RANGES.capture.limiter.ceilingDb.min, levelDb));
      break;
  }
}
