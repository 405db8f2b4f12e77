import { OpfsRecordingFile } from "../engine/recording/opfs-recording-file.ts";
import { MemoryRecordingFile, type RecordingFile } from "../engine/recording/recording-file.ts";
import { RecordingHost } from "../engine/recording/recording-host.ts";
import type { ToRecordingWorker } from "../engine/recording/recording-messages.ts";
import { RECORDINGS_FOLDER } from "../engine/recording/recordings-folder.ts";
import { VoiceError } from "../engine/voice-error.ts";

/*
 * The recording worker: encodes and writes recordings, so that neither the page nor the audio threads wait for a disk.
 * Everything it does is in RecordingHost; this shell gives it the origin private file system and the worker's port.
 */
const host = new RecordingHost({
  openFile,
  post: (message, transfer = []) => postMessage(message, [...transfer]),
});

addEventListener("message", ({ data }: MessageEvent<ToRecordingWorker>) => {
  void host.receive(data).then(() => {
    if (data.type === "close") {
      close();
    }
  });
});

async function openFile(name: string): Promise<RecordingFile> {
  try {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(RECORDINGS_FOLDER, { create: true });
    const file = await folder.getFileHandle(name, { create: true });
    return new OpfsRecordingFile(await file.createSyncAccessHandle());
  } catch (error) {
    if (error instanceof DOMException && error.name === "QuotaExceededError") {
      throw new VoiceError(
        "storage-full",
        "Cannot record: the browser's storage is full. Delete recordings or free space on the disk",
        { cause: error },
      );
    }
    // Private windows of some browsers keep no files: the recording then lives in memory until it is finished.
    return new MemoryRecordingFile();
  }
}
