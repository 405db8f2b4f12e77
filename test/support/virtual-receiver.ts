import { CodecModule } from "../../src/engine/codec/codec-module.ts";
import { OpusEncoder } from "../../src/engine/codec/opus-encoder.ts";
import type { OpusEncoderSettings } from "../../src/engine/codec/opus-encoder-settings.ts";
import { OPUS_PAYLOAD_TYPE, type RtpPacketFields, writeRtpPacket } from "../../src/engine/packet/rtp-packet.ts";
import { ReceiveStream } from "../../src/engine/playout/receive-stream.ts";
import { defaultSettings } from "../../src/engine/settings/default-settings.ts";
import type { JitterBufferSettings } from "../../src/engine/settings/playout-settings.ts";
import { coreModule, neuralModule } from "./core-module.ts";

/** Samples of a pull by default, as a render quantum. */
const QUANTUM = 128;

/** Encodes a signal to Opus payloads of equal length; the signal starts over when it ends. */
export function encodeFrames(
  signal: ArrayLike<number>,
  count: number,
  options: {
    readonly frameSamples?: number;
    readonly settings?: Partial<OpusEncoderSettings>;
    readonly isNeural?: boolean;
  } = {},
): readonly Uint8Array[] {
  const { frameSamples = 960, settings = {}, isNeural = false } = options;
  const codec = CodecModule.instantiate(isNeural ? neuralModule() : coreModule());
  const encoder = new OpusEncoder(codec, { channels: 1 });
  encoder.configure({ bitrate: 32_000, complexity: 5, ...settings });
  const payloads: Uint8Array[] = [];
  for (let frame = 0; frame < count; frame++) {
    for (let i = 0; i < frameSamples; i++) encoder.input[i] = signal[(frame * frameSamples + i) % signal.length] ?? 0;
    payloads.push(encoder.output.slice(0, encoder.encode(frameSamples)));
  }
  encoder.close();
  return payloads;
}

/** One RTP packet; fields not given are those of an ordinary voice packet. */
export function rtpDatagram(fields: Partial<RtpPacketFields> & { readonly payload: Uint8Array }): Uint8Array {
  const into = new Uint8Array(1300);
  const length = writeRtpPacket(into, {
    marker: false,
    payloadType: OPUS_PAYLOAD_TYPE,
    sequenceNumber: 0,
    timestamp: 0,
    ssrc: 7,
    audioLevel: 30,
    voiceActivity: true,
    captureTimeMs: -1,
    heldBackSamples: 0,
    isPause: false,
    payloadOffset: 0,
    payloadLength: fields.payload.length,
    ...fields,
  });
  return into.slice(0, length);
}

/**
 * A receive stream under virtual time: datagrams are put on a schedule, time passes in render quanta, what is heard is kept.
 * Times in ms of the playout clock.
 */
export class VirtualReceiver {
  readonly stream: ReceiveStream;
  readonly #left: Float32Array<ArrayBuffer>;
  readonly #right: Float32Array<ArrayBuffer>;
  readonly #schedule: { readonly time: number; readonly datagram: Uint8Array }[] = [];
  readonly #heard: Float32Array[] = [];
  #isSorted = true;
  #next = 0;
  #now = 0;

  constructor(
    options: {
      readonly settings?: Partial<JitterBufferSettings>;
      readonly isNeural?: boolean;
      readonly channels?: 1 | 2;
      readonly keepsOutput?: boolean;
      readonly quantum?: number;
    } = {},
  ) {
    const { settings = {}, isNeural = false, channels = 1, keepsOutput = true, quantum = QUANTUM } = options;
    this.#left = new Float32Array(quantum);
    this.#right = new Float32Array(quantum);
    this.stream = new ReceiveStream({
      codec: CodecModule.instantiate(isNeural ? neuralModule() : coreModule()),
      channels,
      settings: { ...defaultSettings.jitterBuffer, ...settings },
    });
    this.keepsOutput = keepsOutput;
  }

  readonly keepsOutput: boolean;

  get statistics(): ReceiveStream["statistics"] {
    return this.stream.statistics;
  }

  /** Playout clock, ms. */
  get now(): number {
    return this.#now / 48;
  }

  /** Lets a datagram arrive at `time`. */
  deliver(time: number, datagram: Uint8Array): void {
    const last = this.#schedule.at(-1);
    if (last !== undefined && last.time > time) this.#isSorted = false;
    this.#schedule.push({ time, datagram });
  }

  /** Lets time pass until `end`, ms. Returns what was heard meanwhile, left channel; nothing unless it keeps its output. */
  runTo(end: number): Float32Array {
    const pieces: Float32Array[] = [];
    while (this.#now / 48 < end) {
      this.#quantum();
      if (this.keepsOutput) pieces.push(this.#left.slice());
    }
    this.#heard.push(...pieces);
    return join(pieces);
  }

  /** Everything heard so far, left channel. */
  get heard(): Float32Array {
    return join(this.#heard);
  }

  #quantum(): void {
    if (!this.#isSorted) {
      const rest = this.#schedule.slice(this.#next).sort((a, b) => a.time - b.time);
      this.#schedule.length = this.#next;
      for (const entry of rest) this.#schedule.push(entry);
      this.#isSorted = true;
    }
    for (let entry = this.#schedule[this.#next]; entry !== undefined; entry = this.#schedule[this.#next]) {
      if (entry.time * 48 > this.#now) break;
      this.stream.insert(entry.datagram, entry.datagram.length, this.#now);
      this.#next++;
    }
    this.stream.pull(this.#left, this.#right, 0, this.#left.length);
    this.#now += this.#left.length;
  }
}

function join(pieces: readonly Float32Array[]): Float32Array {
  const length = pieces[0]?.length ?? 0;
  const whole = new Float32Array(pieces.length * length);
  for (const [index, piece] of pieces.entries()) whole.set(piece, index * length);
  return whole;
}
