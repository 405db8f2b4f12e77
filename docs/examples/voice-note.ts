import { VoiceEngine } from "antiphon";

const engine = await VoiceEngine.start();

/** Records one note as soon as somebody speaks, and resolves to it as an Ogg Opus file when they have stopped. */
export async function recordWhenSpokenTo(): Promise<File | undefined> {
  const recording = await engine.notes.record({ trigger: "voice" });
  const { note } = await recording.done;
  return note === undefined ? undefined : engine.notes.export(note, "ogg");
}
