import type { CaptureChain } from "../capture/capture-chain.ts";
import type { FrameSink, PcmSink } from "../capture/frame-sink.ts";
import type { CodecModule } from "../codec/codec-module.ts";
import type { EncoderSettings } from "../settings/encoder-settings.ts";
import type { ClosablePacketWriter, PacketWriter } from "../shared-memory/packet-pipe.ts";
import type { TelemetryWriter } from "../shared-memory/telemetry-block.ts";
import { AudioBlockWriter } from "./audio-block-writer.ts";
import { type BlockTaker, CaptureInput } from "./capture-input.ts";
import type { CaptureNodeSettings, CaptureTapPoint } from "./capture-messages.ts";
import { CaptureTelemetryPublisher } from "./capture-telemetry-publisher.ts";
import { ContextOutput } from "./context-output.ts";
import { FrameRecordSink } from "./frame-record-sink.ts";
import { MonitorQueue } from "./monitor-queue.ts";

/** Most samples that the chain takes at once. */
const MAX_CHAIN_FRAMES = 960;
/** Longest frame, 60 ms. */
const MAX_FRAME_SAMPLES = 2880;
/** One unit of DRED, samples. */
const DRED_UNIT = 480;

/** What a run is made of. */
export type CaptureRunOptions = {
  readonly codec: CodecModule;
  /** Hz. */
  readonly contextRate: number;
  readonly settings: CaptureNodeSettings;
  readonly firstTimestamp: number;
  readonly frames: PacketWriter;
  readonly telemetry: TelemetryWriter;
  readonly makeChain: (onFrame: FrameSink) => CaptureChain;
};

type Tap = { readonly id: number; readonly point: CaptureTapPoint; readonly writer: AudioBlockWriter };

/**
 * A started capture node: context input → 48 kHz → chain → frame pipe, with taps, the vad's feed and the monitor beside. Audio
 * thread; `process` allocates nothing on shared memory.
 */
export class CaptureRun implements BlockTaker, PcmSink {
  readonly chain: CaptureChain;
  readonly input: CaptureInput;
  readonly monitor = new MonitorQueue();
  readonly #output: ContextOutput;
  readonly #sink: FrameRecordSink;
  readonly #publisher: CaptureTelemetryPublisher;
  /** Replaced when a tap comes or goes, never changed. */
  #taps: readonly Tap[] = [];
  #vad: AudioBlockWriter | undefined;
  readonly #pcmLeft = new Float32Array(MAX_FRAME_SAMPLES);
  readonly #pcmRight = new Float32Array(MAX_FRAME_SAMPLES);

  /** @throws {CodecError} when the codec module's memory is full; RangeError when a setting is out of range */
  constructor(options: CaptureRunOptions) {
    const { codec, contextRate, settings } = options;
    this.input = new CaptureInput(codec, contextRate, settings.channels);
    this.#output = new ContextOutput(codec, contextRate);
    this.#sink = new FrameRecordSink(options.frames, options.firstTimestamp);
    this.chain = options.makeChain(this.#sink);
    this.chain.pcmSink = this;
    this.#publisher = new CaptureTelemetryPublisher(options.telemetry, options.frames, contextRate);
    this.#publisher.setBitrate(settings.encoder.bitrate);
  }

  /** One render quantum, which starts at `contextTime`, seconds. */
  process(input: readonly Float32Array[], output: readonly Float32Array[], contextTime: number): void {
    const outLeft = output[0];
    const outRight = output[1] ?? outLeft;
    const source = input[0];
    const frames = source?.length ?? outLeft?.length ?? 0;
    this.input.process(input, frames, this);
    if (!this.monitor.isIdle && outLeft !== undefined && outRight !== undefined) {
      this.#output.render(this.monitor, outLeft, outRight, outLeft.length);
    }
    if (source === undefined) this.#publisher.countEmpty();
    this.#publisher.quantum(this.chain, this.input, contextTime, frames);
  }

  /** 48 kHz audio of the source, on its way into the chain. */
  take(left: Float32Array, right: Float32Array, frames: number): void {
    const position = this.chain.telemetry.samplesProcessed;
    this.#vad?.write(left, right, 0, frames, position);
    for (let i = 0; i < this.#taps.length; i++) {
      const tap = this.#taps[i];
      if (tap?.point === "input") tap.writer.write(left, right, 0, frames, position);
    }
    for (let at = 0; at < frames; at += MAX_CHAIN_FRAMES) {
      this.chain.process(left, right, at, Math.min(MAX_CHAIN_FRAMES, frames - at));
    }
  }

  /** 48 kHz audio on its way into the encoder. */
  pcm(interleaved: Float32Array, frameSamples: number, channels: number, position: number): void {
    if (!this.monitor.isIdle) this.monitor.pcm(interleaved, frameSamples, channels);
    let isSplit = false;
    for (let i = 0; i < this.#taps.length; i++) {
      const tap = this.#taps[i];
      if (tap?.point !== "output") continue;
      if (!isSplit) this.#split(interleaved, frameSamples, channels);
      isSplit = true;
      tap.writer.write(this.#pcmLeft, this.#pcmRight, 0, frameSamples, position);
    }
  }

  configureEncoder(settings: EncoderSettings): void {
    this.chain.configureEncoder(settings);
    this.#publisher.setBitrate(settings.bitrate);
  }

  /** Says how much DRED every frame carries at most, in units of 10 ms. */
  setDredDuration(units: number): void {
    this.#sink.dredSamples = units * DRED_UNIT;
  }

  addTap(id: number, point: CaptureTapPoint, writer: ClosablePacketWriter): void {
    this.#taps = [...this.#taps, { id, point, writer: new AudioBlockWriter(writer) }];
  }

  removeTap(id: number): void {
    this.#taps.find((tap) => tap.id === id)?.writer.close();
    this.#taps = this.#taps.filter((tap) => tap.id !== id);
  }

  /** Sends the source's 48 kHz audio to the vad worker. */
  attachVad(writer: ClosablePacketWriter): void {
    this.#vad = new AudioBlockWriter(writer);
  }

  detachVad(): void {
    this.#vad?.close();
    this.#vad = undefined;
  }

  /** Frees everything inside WebAssembly. */
  close(): void {
    for (const tap of this.#taps) tap.writer.close();
    this.#taps = [];
    this.chain.close();
    this.input.close();
    this.#output.close();
  }

  #split(interleaved: Float32Array, frameSamples: number, channels: number): void {
    for (let i = 0; i < frameSamples; i++) {
      this.#pcmLeft[i] = interleaved[i * channels] as number;
      this.#pcmRight[i] = interleaved[i * channels + channels - 1] as number;
    }
  }
}
