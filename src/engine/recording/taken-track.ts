import { MemoryRecordingFile, type RecordingFile } from "./recording-file.ts";
import type { TakenTrack, TrackPlan } from "./recording-messages.ts";
import type { RecordedTrack } from "./track-recorder.ts";

/** What the main thread is told about a finished file: the file itself only where it is in memory. */
export function takenTrack(plan: TrackPlan, file: RecordingFile, recorded: RecordedTrack): TakenTrack {
  const { samples, bytes, peaks } = recorded;
  const contents = file instanceof MemoryRecordingFile ? { contents: file.contents() } : {};
  return { file: plan.file, samples, bytes, peaks, ...contents };
}
