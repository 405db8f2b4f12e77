/** Takes finished Opus frames. Called synchronously on the audio thread: copy, do not allocate, do not throw. */
export interface FrameSink {
  /**
   * @param payload view whose first `length` bytes are the packet; overwritten by the next frame
   * @param rtpTimestamp capture time of the first sample, 48 kHz, modulo 2^32; the encoder's look-ahead is not subtracted
   * @param frameSamples duration at 48 kHz
   * @param talkspurtStart first frame after the gate opened; it and the next few come in a burst, the pre-roll
   * @param voiceActivity the detector hears voice
   * @param dtx at most two bytes: silence
   * @param audioLevel −dBov of the frame as encoded, 0…127 (RFC 6464)
   */
  frame(
    payload: Uint8Array,
    length: number,
    rtpTimestamp: number,
    frameSamples: number,
    talkspurtStart: boolean,
    voiceActivity: boolean,
    dtx: boolean,
    audioLevel: number,
  ): void;
}

/** Takes the audio of each frame exactly as it goes into the encoder: for monitoring, the soundcheck and the offline renderer. */
export interface PcmSink {
  /**
   * @param interleaved view whose first `frameSamples × channels` values are the audio, 48 kHz; overwritten by the next frame
   * @param position capture time of the first sample, samples since the chain started
   */
  pcm(interleaved: Float32Array, frameSamples: number, channels: number, position: number): void;
}
