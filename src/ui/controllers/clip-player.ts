/** A context whose output device can be chosen; missing in some browsers. */
type WithSink = AudioContext & { readonly setSinkId?: (id: string) => Promise<void> };

/** Rate of the clips, Hz. */
const CLIP_RATE = 48_000;

/** Plays short recordings outside the call's own mix. */
export class ClipPlayer {
  #context: AudioContext | undefined;
  #source: AudioBufferSourceNode | undefined;

  /** Plays `samples` (mono, 48 kHz) on the output device and resolves when they are over or something else is played. */
  async play(samples: Float32Array<ArrayBuffer>, deviceId: string): Promise<void> {
    this.stop();
    if (samples.length === 0) {
      return;
    }
    this.#context ??= new AudioContext();
    const context: WithSink = this.#context;
    await context.resume();
    try {
      await context.setSinkId?.(deviceId);
    } catch (error) {
      if (!(error instanceof DOMException)) {
        throw error;
      }
      // The device is gone: the default one plays.
    }
    const buffer = context.createBuffer(1, samples.length, CLIP_RATE);
    buffer.copyToChannel(samples, 0);
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(context.destination);
    this.#source = source;
    await new Promise<void>((resolve) => {
      source.onended = () => resolve();
      source.start();
    });
  }

  /** Falls silent. */
  stop(): void {
    this.#source?.stop();
    this.#source = undefined;
  }

  /** Releases the output. Idempotent. */
  close(): void {
    this.stop();
    void this.#context?.close();
    this.#context = undefined;
  }
}
