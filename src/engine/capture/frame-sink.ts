/** What is said of an encoded frame beside its bytes. One mutable object is meant to be reused for every frame. */
export interface CapturedFrame {
  /** Capture time of the first sample, 48 kHz, modulo 2^32; the encoder's look-ahead is not subtracted. */
  rtpTimestamp: number;
  /** Duration at 48 kHz. */
  frameSamples: number;
  /** First frame after the gate opened; it and the next few come in a burst, the pre-roll. */
  isTalkspurtStart: boolean;
  /** The detector hears voice. */
  hasVoiceActivity: boolean;
  /** At most two bytes: silence. */
  isDtx: boolean;
  /** The gate is closed at the end of the frame, and what follows is held back until a voice may have begun in it. */
  isPause: boolean;
  /** −dBov of the frame as encoded, 0…127 (RFC 6464). */
  audioLevel: number;
  /** For how long the frame was held back for the sake of a pre-roll after it was complete, samples at 48 kHz; 0 in speech. */
  heldBackSamples: number;
}

/** Takes finished Opus frames. Called synchronously on the audio thread: copy, do not allocate, do not throw. */
export interface FrameSink {
  /**
   * @param payload view whose first `length` bytes are the packet; overwritten by the next frame
   * @param frame what is said of it; overwritten by the next frame
   */
  frame(payload: Uint8Array, length: number, frame: Readonly<CapturedFrame>): void;
}

/** Takes the audio of each frame exactly as it goes into the encoder: for monitoring, the soundcheck and the offline renderer. */
export interface PcmSink {
  /**
   * @param interleaved view whose first `frameSamples × channels` values are the audio, 48 kHz; overwritten by the next frame
   * @param position capture time of the first sample, samples since the chain started
   */
  pcm(interleaved: Float32Array, frameSamples: number, channels: number, position: number): void;
}
