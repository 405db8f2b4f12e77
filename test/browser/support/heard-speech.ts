import { compareRecording, type RecordingComparison } from "../../support/compare-recording.ts";

/** Compares what was heard with speech that was looped: the loop is laid out long enough for any start. */
export function compareWithLoop(loop: Float32Array, recording: Float32Array): RecordingComparison {
  const turns = Math.ceil(recording.length / loop.length) + 1;
  const source = new Float32Array(turns * loop.length);
  for (let turn = 0; turn < turns; turn++) source.set(loop, turn * loop.length);
  return compareRecording({ sampleRate: 48_000, source, recording });
}
