/** Fades at the ends of a source, seconds: one device gives way to another without a click. */
const FADE_SECONDS = 0.01;

/** One track on its way into a capture node. */
export class CaptureSource {
  readonly #source: MediaStreamAudioSourceNode;
  readonly #fade: GainNode;
  #isDisconnected = false;

  /** Connects at once, faded in. */
  constructor(context: AudioContext, track: MediaStreamTrack, target: AudioNode) {
    this.#source = new MediaStreamAudioSourceNode(context, { mediaStream: new MediaStream([track]) });
    // The channels of the track are kept: which of them are sent is chosen behind.
    this.#fade = new GainNode(context, { gain: 0, channelCountMode: "max" });
    this.#ramp(0, 1);
    this.#source.connect(this.#fade).connect(target);
  }

  /** Fades out and lets go. Idempotent. */
  disconnect(): void {
    if (this.#isDisconnected) {
      return;
    }
    this.#isDisconnected = true;
    this.#ramp(1, 0);
    // The fade has to be played before the source may go; a context that stands still is left at once.
    setTimeout(() => this.#release(), this.#fade.context.state === "running" ? 100 : 0);
  }

  #ramp(from: number, to: number): void {
    const { context, gain } = this.#fade;
    gain.cancelScheduledValues(0);
    gain.setValueAtTime(from, context.currentTime);
    gain.linearRampToValueAtTime(to, context.currentTime + FADE_SECONDS);
  }

  #release(): void {
    this.#source.disconnect();
    this.#fade.disconnect();
  }
}
