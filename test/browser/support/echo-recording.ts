import { recordClip } from "../../../src/engine/audio-clip.ts";
import {
  type AddStreamOptions,
  type ReceiveStreamStatistics,
  VoiceEngine,
  type VoiceEngineOptions,
} from "../../../src/engine/index.ts";
import { compareWithLoop, type HeardSpeech } from "./heard-speech.ts";
import type { SpeechTrack } from "./speech-track.ts";

/** What came back of a voice that an engine sent to itself. */
export type EchoRecording = {
  readonly heard: HeardSpeech;
  readonly received: ReceiveStreamStatistics;
  readonly underrunEvents: number;
};

/** Starts an engine, sends it `speech` through its whole path back to itself for `seconds`, and closes it. */
export async function recordEcho(
  speech: SpeechTrack,
  options: {
    readonly engine?: VoiceEngineOptions;
    readonly encoder?: AddStreamOptions["encoder"];
    readonly seconds?: number;
  },
): Promise<EchoRecording> {
  const { engine: engineOptions = {}, encoder = {}, seconds = 4 } = options;
  const engine = await VoiceEngine.start(engineOptions);
  try {
    const errors: unknown[] = [];
    engine.addEventListener("error", ({ error }) => errors.push(error));
    const stream = await engine.addStream(speech.track, { label: "speech", encoder });
    const echo = engine.soundCheck.startEcho({ stream });
    const { left } = await recordClip(engine.tapOutput(), seconds);
    // Before the comparison, which keeps the main thread busy.
    const received = echo.stats();
    const underrunEvents = engine.statistics().output.underruns?.underrunEvents ?? 0;
    if (received === undefined) throw new Error("The echo test has ended by itself");
    if (errors.length > 0) throw errors[0];
    return { heard: compareWithLoop(speech.samples, left), received, underrunEvents };
  } finally {
    await engine.close();
  }
}
