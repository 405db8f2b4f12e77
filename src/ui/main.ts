import "./shell/antiphon-app.ts";
import { announceUpdates } from "./offline/announce-updates.ts";
import { OfflineShell } from "./offline/offline-shell.ts";
import { followTheme } from "./shell/theme.ts";

followTheme();

// The development server has no service worker: it would serve yesterday's modules.
if (import.meta.env.PROD) {
  const app = document.querySelector("antiphon-app");
  const shell = new OfflineShell();
  if (app !== null) announceUpdates(shell, app.session);
  void shell.start(new URL("service-worker.js", document.baseURI).href);
}
