import type { AcousticOptions, AcousticRoundTrip } from "./acoustic-options.ts";

/**
 * Plays chirps on the loudspeaker and finds them at the microphone, both on one sample clock: everything that the figures of the lab
 * leave out. Needs a real loudspeaker that the microphone hears, a quiet room, and a user's click before; asks for the microphone.
 * Rejects with VoiceError `permission-denied`, `no-microphone`, `microphone-busy` or `worklet-failed`; with `closed` when `signal` aborts.
 */
export async function measureAcousticRoundTrip(options: AcousticOptions = {}): Promise<AcousticRoundTrip> {
  const { seconds = 6 } = options;
  if (!(seconds >= 2 && seconds <= 60)) {
    throw new RangeError(`An acoustic round trip is measured for 2 to 60 s, not ${seconds}`);
  }
  // Most visitors never measure: its code is loaded when somebody does.
  const { playAndListen } = await import("./measure-acoustic.ts");
  return playAndListen({ ...options, seconds });
}
