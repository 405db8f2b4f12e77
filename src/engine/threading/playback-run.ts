import type { CodecModule } from "../codec/codec-module.ts";
import { MIXER_LATENCY, MIXER_SLOTS, Mixer, type MixOutput } from "../playout/mixer.ts";
import { ReceiveStream } from "../playout/receive-stream.ts";
import type { StreamMix } from "../playout/stream-mix.ts";
import type { JitterBufferSettings } from "../settings/playout-settings.ts";
import { DATAGRAM_RECORD_HEADER_BYTES, DATAGRAM_RECORD_MAX_BYTES } from "../shared-memory/datagram-record.ts";
import type { ClosablePacketWriter, PacketReader } from "../shared-memory/packet-pipe.ts";
import type { TelemetryWriter } from "../shared-memory/telemetry-block.ts";
import { AudioBlockWriter } from "./audio-block-writer.ts";
import { type BlockGiver, ContextOutput } from "./context-output.ts";
import { PlaybackTelemetryPublisher } from "./playback-telemetry-publisher.ts";

/** Most samples mixed at once: one block of 10 ms. */
const MAX_MIX_FRAMES = 480;
/** A stream that is taken away fades out before, samples: six time constants of the mixer's gain. */
const FAREWELL = 2400;
/** Datagrams taken from one stream's pipe in one quantum at most, so that a flood cannot stop the sound. */
const MAX_DATAGRAMS = 64;

/** What a run is made of. */
export type PlaybackRunOptions = {
  readonly codec: CodecModule;
  /** Hz. */
  readonly contextRate: number;
  readonly telemetry: TelemetryWriter;
  readonly jitterBuffer: JitterBufferSettings;
  readonly output: MixOutput;
  /** Where the playout clock of taps and telemetry starts. */
  readonly firstPosition: number;
};

/** A stream to play. */
export type PlaybackStream = {
  /** 0…31. */
  readonly slot: number;
  readonly ssrc: number;
  readonly channels: 1 | 2;
  readonly datagrams: PacketReader;
  readonly mix: StreamMix;
};

/** A stream that plays. `leavesAt`: playout clock at which it is gone; Infinity while it stays. */
type Slot = { readonly ssrc: number; readonly datagrams: PacketReader; readonly mix: StreamMix; leavesAt: number };
type Tap = { readonly id: number; readonly slot: number | undefined; readonly writer: AudioBlockWriter };

/**
 * A started playback node: datagram pipes → receive streams → mixer → context output, with taps beside. Audio thread;
 * `process` allocates nothing on shared memory.
 */
export class PlaybackRun implements BlockGiver {
  readonly #mixer: Mixer;
  readonly #output: ContextOutput;
  readonly #publisher: PlaybackTelemetryPublisher;
  readonly #slots: (Slot | undefined)[] = Array.from({ length: MIXER_SLOTS }, () => undefined);
  /** Replaced when a tap comes or goes, never changed. */
  #taps: readonly Tap[] = [];
  readonly #record = new Uint8Array(DATAGRAM_RECORD_MAX_BYTES);
  /** The datagram in the record. */
  readonly #datagram = this.#record.subarray(DATAGRAM_RECORD_HEADER_BYTES);
  readonly #firstPosition: number;
  #codec: CodecModule;
  #jitterBuffer: JitterBufferSettings;

  /** @throws {CodecError} when the codec module's memory is full */
  constructor(options: PlaybackRunOptions) {
    const { codec, contextRate } = options;
    this.#codec = codec;
    this.#jitterBuffer = options.jitterBuffer;
    this.#firstPosition = options.firstPosition;
    this.#mixer = new Mixer(options.output, MAX_MIX_FRAMES);
    this.#output = new ContextOutput(codec, contextRate);
    this.#publisher = new PlaybackTelemetryPublisher(options.telemetry, contextRate, this.#output.latencySamples);
  }

  /** One render quantum into the channels of `output`; `contextTime` in seconds. */
  process(output: readonly Float32Array[], contextTime: number): void {
    const left = output[0];
    if (left === undefined) return;
    this.#drain();
    this.#output.render(this, left, output[1] ?? left, left.length);
    this.#publisher.quantum(this.#mixer, this.#firstPosition + this.#mixer.now, contextTime, left.length);
  }

  /** The next 48 kHz block of the mix. */
  pull(left: Float32Array, right: Float32Array, offset: number, frames: number): void {
    const mixer = this.#mixer;
    const position = this.#firstPosition + mixer.now;
    mixer.process(left, right, offset, frames);
    for (let i = 0; i < this.#taps.length; i++) {
      const tap = this.#taps[i];
      if (tap === undefined) continue;
      if (tap.slot === undefined) {
        // The limiter delays the mix: its stamps say when the streams in it were played.
        tap.writer.write(left, right, offset, frames, position - MIXER_LATENCY);
        continue;
      }
      const strip = mixer.strip(tap.slot);
      if (strip !== undefined) tap.writer.write(strip.left, strip.right, 0, frames, position);
    }
  }

  /** Starts to play a stream, in place of one that was there. @throws {CodecError} when the codec's memory is full */
  addStream({ slot, ssrc, channels, datagrams, mix }: PlaybackStream): void {
    this.#release(slot);
    const stream = new ReceiveStream({ codec: this.#codec, channels, settings: this.#jitterBuffer });
    this.#mixer.addStream(slot, stream, mix);
    this.#slots[slot] = { ssrc, datagrams, mix, leavesAt: Number.POSITIVE_INFINITY };
    this.#publisher.setStream(slot, ssrc, datagrams);
  }

  /** Fades a stream out and forgets it. */
  removeStream(slot: number): void {
    const entry = this.#slots[slot];
    if (entry === undefined) return;
    entry.leavesAt = this.#mixer.now + FAREWELL;
    this.#mixer.configureStream(slot, { ...entry.mix, solo: false, muted: true });
    this.#publisher.setStream(slot, 0, undefined);
  }

  configureStream(slot: number, mix: StreamMix): void {
    const entry = this.#slots[slot];
    if (entry === undefined || entry.leavesAt !== Number.POSITIVE_INFINITY) return;
    this.#slots[slot] = { ...entry, mix };
    this.#mixer.configureStream(slot, mix);
  }

  configureOutput(output: MixOutput): void {
    this.#mixer.configureOutput(output);
  }

  configureJitterBuffer(settings: JitterBufferSettings): void {
    this.#jitterBuffer = settings;
    for (let slot = 0; slot < MIXER_SLOTS; slot++) this.#mixer.strip(slot)?.stream.configure(settings);
  }

  /** Decodes in another module, such as the neural one, from now on. @throws {CodecError} when its memory is full */
  useCodec(codec: CodecModule): void {
    this.#codec = codec;
    for (let slot = 0; slot < MIXER_SLOTS; slot++) this.#mixer.strip(slot)?.stream.useCodec(codec);
  }

  /** Copies the stream in `slot`, or the mix. */
  addTap(id: number, slot: number | undefined, writer: ClosablePacketWriter): void {
    this.#taps = [...this.#taps, { id, slot, writer: new AudioBlockWriter(writer) }];
    if (slot !== undefined) this.#mixer.setTapped(slot, true);
    this.#publisher.setTaps(this.#taps.map((tap) => tap.writer));
  }

  removeTap(id: number): void {
    const gone = this.#taps.find((tap) => tap.id === id);
    if (gone === undefined) return;
    gone.writer.close();
    this.#taps = this.#taps.filter((tap) => tap !== gone);
    const { slot } = gone;
    if (slot !== undefined) {
      this.#mixer.setTapped(
        slot,
        this.#taps.some((tap) => tap.slot === slot),
      );
    }
    this.#publisher.setTaps(this.#taps.map((tap) => tap.writer));
  }

  /** Frees everything inside WebAssembly. */
  close(): void {
    for (let slot = 0; slot < MIXER_SLOTS; slot++) this.#release(slot);
    for (const tap of this.#taps) tap.writer.close();
    this.#taps = [];
    this.#output.close();
  }

  /** Hands what has arrived to the streams, stamped with the playout clock, and lets go of those that have faded. */
  #drain(): void {
    const { now } = this.#mixer;
    for (let slot = 0; slot < MIXER_SLOTS; slot++) {
      const entry = this.#slots[slot];
      if (entry === undefined) continue;
      if (now >= entry.leavesAt) {
        this.#release(slot);
        continue;
      }
      const strip = this.#mixer.strip(slot);
      if (strip === undefined) continue;
      for (let count = 0; count < MAX_DATAGRAMS; count++) {
        const length = entry.datagrams.read(this.#record);
        if (length === 0) break;
        strip.stream.insert(this.#datagram, length - DATAGRAM_RECORD_HEADER_BYTES, now);
      }
    }
  }

  #release(slot: number): void {
    const entry = this.#slots[slot];
    if (entry === undefined) return;
    this.#slots[slot] = undefined;
    this.#mixer.removeStream(slot)?.close();
    entry.datagrams.close();
  }
}
