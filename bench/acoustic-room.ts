import { startPrivatePulse } from "./private-pulse.ts";

/** How the loudspeaker is heard at the microphone. */
export type AcousticPath = {
  /** Way from loudspeaker to microphone, ms, on top of what the sound server needs. */
  readonly delayMs: number;
  /** Level at the microphone over that at the loudspeaker, dB. */
  readonly gainDb: number;
};

/** A machine's sound devices, simulated: one loudspeaker, one microphone that hears it. */
export type AcousticRoom = {
  /** Environment of a process that is to use these devices and no others. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends the sound server. */
  close(): void;
};

/**
 * Starts a private PulseAudio server whose default source hears its default sink. Throws when PulseAudio is not installed.
 */
export async function openAcousticRoom({ delayMs, gainDb }: AcousticPath): Promise<AcousticRoom> {
  const modules = [
    "module-null-sink sink_name=loudspeaker rate=48000 channels=2",
    "module-null-sink sink_name=air rate=48000 channels=1",
    `module-loopback source=loudspeaker.monitor sink=air latency_msec=${Math.max(20, delayMs)} source_dont_move=1 sink_dont_move=1`,
    "module-remap-source master=air.monitor source_name=microphone",
  ];
  const { environment, control, close } = await startPrivatePulse(modules, "microphone");
  try {
    control("set-default-sink", "loudspeaker");
    control("set-default-source", "microphone");
    // The stream that carries the loudspeaker's sound through the air.
    const [line = ""] = control("list", "short", "sink-inputs").split("\n");
    control("set-sink-input-volume", line.split("\t")[0] ?? "", `${gainDb}dB`);
  } catch (error) {
    close();
    throw error;
  }
  return { environment, close };
}
