import { deleteDB } from "idb";
import { RECORDINGS_FOLDER } from "../../../src/engine/recording/recordings-folder.ts";

/** Deletes every note of this origin: each test file starts with none. */
export async function clearNotes(): Promise<void> {
  await deleteDB("antiphon-recordings");
  const root = await navigator.storage.getDirectory();
  try {
    await root.removeEntry(RECORDINGS_FOLDER, { recursive: true });
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== "NotFoundError") throw error;
  }
}
