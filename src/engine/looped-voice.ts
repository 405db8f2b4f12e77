import type { AudioClip } from "./audio-clip.ts";
import { keepAwake } from "./keep-awake.ts";
import { createSpeechLikeSignal } from "./measurement/speech-like-signal.ts";
import { SAMPLE_RATE } from "./media/units.ts";

/** Length of the synthetic voice, seconds. */
const SYNTHETIC_SECONDS = 8;

/**
 * A track that says the same over and over, to be sent with `VoiceEngine.addStream`: with it one can listen to what networks and
 * settings do without speaking all the time. Main thread.
 */
export class LoopedVoice {
  /** Mono. */
  readonly track: MediaStreamTrack;
  readonly #context: AudioContext;

  /** Loops a recorded clip, its left channel; without one, a synthetic voice that babbles. Needs a user's click before. */
  constructor(clip?: AudioClip) {
    const samples = clip?.left ?? synthesise();
    this.#context = new AudioContext({ sampleRate: SAMPLE_RATE });
    keepAwake(this.#context);
    const buffer = new AudioBuffer({ length: Math.max(1, samples.length), sampleRate: SAMPLE_RATE });
    buffer.copyToChannel(samples, 0);
    const source = new AudioBufferSourceNode(this.#context, { buffer, loop: true });
    const destination = new MediaStreamAudioDestinationNode(this.#context, { channelCount: 1 });
    source.connect(destination);
    source.start();
    const [track] = destination.stream.getAudioTracks();
    if (track === undefined) {
      throw new Error("A destination node has a track");
    }
    this.track = track;
  }

  /** Falls silent for good. Idempotent. */
  async close(): Promise<void> {
    this.track.stop();
    if (this.#context.state !== "closed") {
      await this.#context.close();
    }
  }
}

function synthesise(): Float32Array<ArrayBuffer> {
  return Float32Array.from(
    createSpeechLikeSignal({ sampleRate: SAMPLE_RATE, seconds: SYNTHETIC_SECONDS, seed: 1, pauseShare: 0.15 }),
  );
}
