import { nothing } from "lit";
import type { ScreenName } from "./route.ts";

const loaders: Readonly<Partial<Record<ScreenName, () => Promise<unknown>>>> = {
  studio: () => import("../screens/studio/antiphon-studio-screen.ts"),
  mixer: () => import("../screens/mixer/antiphon-mixer-screen.ts"),
  notes: () => import("../screens/notes/antiphon-notes-screen.ts"),
  diagnostics: () => import("../screens/diagnostics/antiphon-diagnostics-screen.ts"),
  benchmark: () => import("../screens/benchmark/antiphon-benchmark-screen.ts"),
};

/** Whether a screen exists in this build. */
export function hasScreen(screen: ScreenName): boolean {
  return screen === "call" || loaders[screen] !== undefined;
}

/** Fetches the code of a screen that is not part of the first load. Renders nothing: the screen's element upgrades when its code is there. */
export function loadScreen(screen: ScreenName): typeof nothing {
  void loaders[screen]?.();
  return nothing;
}
