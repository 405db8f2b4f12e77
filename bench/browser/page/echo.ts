import { recordClip } from "../../../src/engine/audio-clip.ts";
import { VoiceEngine } from "../../../src/engine/index.ts";
import { createSpeechLikeSignal } from "../../../src/engine/measurement/speech-like-signal.ts";

/** Where the far voice is played: by the engine's playback worklet, or by an `<audio>` element. */
export type EchoRoute = "engine" | "audio-element";

/** What the microphone hears of the far voice. */
export type EchoMeasurement = {
  readonly echoDb: number;
  /** What the browser says it does. */
  readonly isCancelling: boolean | undefined;
};

/** How long the canceller may learn, and how long is measured, seconds. */
const LEARNING_SECONDS = 6;
const MEASURED_SECONDS = 5;

/** Plays a far voice and measures its level at the open microphone, nobody speaking near it. */
async function measureEcho(route: EchoRoute, echoCancellation: boolean): Promise<EchoMeasurement> {
  const engine = await VoiceEngine.start({
    settings: { input: { echoCancellation, noiseSuppression: false, autoGainControl: false } },
  });
  const voice = await speak();
  const element = new Audio();
  try {
    const microphone = await engine.openMicrophone();
    if (route === "engine") {
      const stream = await engine.addStream(voice.track, { label: "far voice", encoder: { stereo: false } });
      engine.soundCheck.startEcho({ stream });
    } else {
      element.srcObject = new MediaStream([voice.track]);
      await element.play();
    }
    await new Promise((resolve) => setTimeout(resolve, LEARNING_SECONDS * 1_000));
    const tap = microphone.tap("input");
    if (tap === undefined) throw new Error("The microphone is closed");
    const { left } = await recordClip(tap, MEASURED_SECONDS);
    const energy = left.reduce((sum, sample) => sum + sample * sample, 0);
    return {
      echoDb: 10 * Math.log10(Math.max(1e-12, energy / left.length)),
      isCancelling: engine.microphoneGrant?.processing.echoCancellation,
    };
  } finally {
    element.pause();
    await engine.close();
    await voice.context.close();
  }
}

async function speak(): Promise<{ readonly track: MediaStreamTrack; readonly context: AudioContext }> {
  const context = new AudioContext({ sampleRate: 48_000 });
  const samples = new Float32Array(createSpeechLikeSignal({ sampleRate: 48_000, seconds: 8, seed: 3 }));
  const buffer = new AudioBuffer({ length: samples.length, sampleRate: 48_000 });
  buffer.copyToChannel(samples, 0);
  const source = new AudioBufferSourceNode(context, { buffer, loop: true });
  const destination = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
  source.connect(destination);
  source.start();
  const [track] = destination.stream.getAudioTracks();
  if (track === undefined) throw new Error("A destination node has a track");
  return { track, context };
}

Object.assign(globalThis, { measureEcho });
