import type { UiSettings } from "../../engine/index.ts";
import { settingsStore } from "../controllers/settings-store.ts";

/** Colours of the page: what the system prefers, or one of the two. */
export type ThemeChoice = UiSettings["theme"];

const order: readonly ThemeChoice[] = ["system", "light", "dark"];

/** Keeps the document in the theme of the settings, from now on. */
export function followTheme(): void {
  settingsStore.addEventListener("change", applyTheme);
  applyTheme();
}

/** Goes on to the next theme in the order system, light, dark. */
export function cycleTheme(): void {
  const { theme } = settingsStore.settings.ui;
  settingsStore.set("ui.theme", order[(order.indexOf(theme) + 1) % order.length] ?? "system");
}

function applyTheme(): void {
  const { theme } = settingsStore.settings.ui;
  if (theme === "system") {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
}
