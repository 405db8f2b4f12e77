import { createSpeechLikeSignal } from "../../../src/engine/measurement/speech-like-signal.ts";

/** A track that speaks in a loop. */
export type SpeechTrack = {
  readonly track: MediaStreamTrack;
  /** One turn of the loop, 48 kHz, mono. */
  readonly samples: Float32Array<ArrayBuffer>;
  close(): Promise<void>;
};

/** Synthesises `seconds` of speech and plays it over and over into a track, as a microphone would. */
export async function createSpeechTrack(options: {
  readonly seconds: number;
  readonly seed?: number;
  readonly pauseShare?: number;
}): Promise<SpeechTrack> {
  const { seconds, seed = 1, pauseShare = 0.1 } = options;
  const samples = new Float32Array(createSpeechLikeSignal({ sampleRate: 48_000, seconds, seed, pauseShare }));
  const context = new AudioContext({ sampleRate: 48_000 });
  const buffer = new AudioBuffer({ length: samples.length, sampleRate: 48_000 });
  buffer.copyToChannel(samples, 0);
  const source = new AudioBufferSourceNode(context, { buffer, loop: true });
  const destination = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
  source.connect(destination);
  source.start();
  const [track] = destination.stream.getAudioTracks();
  if (track === undefined) throw new Error("A destination node has a track");
  return {
    track,
    samples,
    close: async () => {
      track.stop();
      await context.close();
    },
  };
}
