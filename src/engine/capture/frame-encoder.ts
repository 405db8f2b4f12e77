import type { CodecModule } from "../codec/codec-module.ts";
import { OpusEncoder } from "../codec/opus-encoder.ts";
import { isSilentOpusPacket } from "../codec/packet-inspection.ts";
import type { EncoderSettings } from "../settings/encoder-settings.ts";
import type { CapturedFrame, FrameSink, PcmSink } from "./frame-sink.ts";
import { fadeEdge, type TransmitBuffer } from "./transmit-buffer.ts";

const TWO_TO_32 = 4_294_967_296;

/**
 * Opus at the end of the chain. Most settings change inside the running encoder; a new application or channel count needs
 * a new one, which takes over at a frame boundary between two short fades. Allocates only in `configure`.
 */
export class FrameEncoder {
  #codec: CodecModule;
  readonly #sink: FrameSink;
  #settings: EncoderSettings;
  #encoder: OpusEncoder;
  #channels: 1 | 2;
  #next: OpusEncoder | undefined;
  #nextChannels: 1 | 2 = 1;
  #takeOverAt = 0;
  #fadesIn = false;
  #frames = 0;
  #bytes = 0;
  #errors = 0;
  #lastLength = 0;
  #lookahead: number;
  readonly #frame: CapturedFrame = {
    rtpTimestamp: 0,
    frameSamples: 0,
    isTalkspurtStart: false,
    hasVoiceActivity: false,
    isDtx: false,
    isPause: false,
    audioLevel: 127,
    heldBackSamples: 0,
  };
  /** Taps the audio in front of the encoder when set. */
  pcmSink: PcmSink | undefined;

  /** @throws CodecError when the module's memory is full; RangeError when a setting is out of range. */
  constructor(codec: CodecModule, settings: EncoderSettings, sink: FrameSink) {
    this.#codec = codec;
    this.#sink = sink;
    this.#settings = settings;
    this.#channels = settings.stereo ? 2 : 1;
    this.#encoder = this.#open(settings);
    this.#lookahead = this.#encoder.lookahead;
  }

  /** Channels of the frames to come. */
  get channels(): 1 | 2 {
    return this.#next === undefined ? this.#channels : this.#nextChannels;
  }

  /** Samples per frame at 48 kHz. */
  get frameSamples(): number {
    return this.#settings.frameDuration * 48;
  }

  /** Delay of the encoder itself, samples. */
  get lookaheadSamples(): number {
    return this.#lookahead;
  }

  /** Frames handed to the sink. */
  get frames(): number {
    return this.#frames;
  }

  /** Opus bytes handed to the sink. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes of the newest frame. */
  get lastLength(): number {
    return this.#lastLength;
  }

  /** Frames that Opus refused. */
  get errors(): number {
    return this.#errors;
  }

  /**
   * New settings from the next frame on.
   *
   * @param takeOverAt capture position before which a new encoder must not start, when one is needed
   * @throws RangeError when a value is out of range.
   */
  configure(settings: EncoderSettings, takeOverAt: number): void {
    const needsNew = settings.application !== this.#settings.application || settings.stereo !== this.#settings.stereo;
    this.#settings = settings;
    if (!needsNew) {
      const target = this.#next ?? this.#encoder;
      target.configure(liveSettings(settings));
      return;
    }
    this.#next?.close();
    this.#next = this.#open(settings);
    this.#nextChannels = settings.stereo ? 2 : 1;
    this.#takeOverAt = takeOverAt;
  }

  /** Goes on in another codec module, from a frame boundary at or after `takeOverAt`. @throws CodecError when its heap is full */
  useCodec(codec: CodecModule, takeOverAt: number): void {
    this.#codec = codec;
    this.#next?.close();
    this.#next = this.#open(this.#settings);
    this.#nextChannels = this.#settings.stereo ? 2 : 1;
    this.#takeOverAt = takeOverAt;
  }

  /** Reads one frame out of `audio`, encodes it and hands it on. `audio` has to be ready. */
  encode(audio: TransmitBuffer, voiceActivity: boolean): void {
    const frameSamples = this.frameSamples;
    const position = audio.readPosition;
    const { input } = this.#encoder;
    audio.read(input, frameSamples, this.#channels);
    if (this.#fadesIn) fadeEdge(input, frameSamples, this.#channels, 1);
    const isLast = this.#next !== undefined && position + frameSamples >= this.#takeOverAt;
    if (isLast) fadeEdge(input, frameSamples, this.#channels, -1);
    this.#fadesIn = false;
    this.pcmSink?.pcm(input, frameSamples, this.#channels, position);
    const length = this.#encoder.encode(frameSamples);
    if (length > 0) {
      this.#frames++;
      this.#bytes += length;
      this.#lastLength = length;
      const frame = this.#frame;
      frame.rtpTimestamp = position % TWO_TO_32;
      frame.frameSamples = frameSamples;
      frame.isTalkspurtStart = audio.isSpurtStart;
      frame.hasVoiceActivity = voiceActivity && !audio.isSilent;
      frame.isDtx = isSilentOpusPacket(length);
      frame.isPause = audio.isHoldingBack;
      frame.audioLevel = Math.max(0, Math.min(127, Math.round(-audio.levelDb)));
      frame.heldBackSamples = audio.heldBackSamples;
      this.#sink.frame(this.#encoder.output, length, frame);
    } else {
      this.#errors++;
    }
    if (isLast && this.#next !== undefined) this.#takeOver(this.#next);
  }

  /** Forgets the past of the signal. */
  reset(): void {
    this.#encoder.reset();
  }

  /** Frees the encoders. Idempotent. */
  close(): void {
    this.#encoder.close();
    this.#next?.close();
    this.#next = undefined;
  }

  #takeOver(next: OpusEncoder): void {
    this.#encoder.close();
    this.#encoder = next;
    this.#channels = this.#nextChannels;
    this.#next = undefined;
    this.#fadesIn = true;
    this.#lookahead = next.lookahead;
  }

  #open(settings: EncoderSettings): OpusEncoder {
    const { application, stereo } = settings;
    const encoder = new OpusEncoder(this.#codec, { channels: stereo ? 2 : 1, application });
    encoder.configure(liveSettings(settings));
    return encoder;
  }
}

/** What a running encoder takes. */
function liveSettings(settings: EncoderSettings): Parameters<OpusEncoder["configure"]>[0] {
  const { bitrate, complexity, bandwidth, rateControl, fec, expectedLossPercent, dtx, dredDuration, signal } = settings;
  return { bitrate, complexity, bandwidth, rateControl, fec, expectedLossPercent, dtx, dredDuration, signal };
}
