import { notices } from "../controllers/notices.ts";
import type { VoiceSession } from "../controllers/voice-session.ts";
import type { OfflineShell } from "./offline-shell.ts";

/** Offers to reload when a new version of the page is ready: at once in the lobby, after the call for somebody in a room. */
export function announceUpdates(shell: OfflineShell, session: VoiceSession): void {
  let isAnnounced = false;
  const announce = (): void => {
    if (isAnnounced || !shell.hasUpdate || session.phase !== "lobby") return;
    isAnnounced = true;
    notices.show("A new version of Antiphon is ready.", { action: { label: "Reload", run: () => shell.update() } });
  };
  shell.addEventListener("update-ready", announce);
  session.addEventListener("change", announce);
}
