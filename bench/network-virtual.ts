import { CodecModule } from "../src/engine/codec/codec-module.ts";
import { OpusEncoder } from "../src/engine/codec/opus-encoder.ts";
import type { EncoderPreferences, EncoderTarget } from "../src/engine/congestion/encoder-target.ts";
import { DEFAULT_PREFERENCES } from "../src/engine/congestion/encoder-target.ts";
import { Impairment, type ImpairmentProfile } from "../src/engine/measurement/impairment.ts";
import { seededRandom } from "../src/engine/media/random.ts";
import { millisecondsToSamples, SAMPLE_RATE, samplesToMilliseconds } from "../src/engine/media/units.ts";
import { ReceiveStream } from "../src/engine/playout/receive-stream.ts";
import { defaultSettings } from "../src/engine/settings/default-settings.ts";
import { DATAGRAM_RECORD_HEADER_BYTES } from "../src/engine/shared-memory/datagram-record.ts";
import {
  FRAME_RECORD_HEADER_BYTES,
  FRAME_RECORD_MAX_BYTES,
  writeFrameRecordHeader,
} from "../src/engine/shared-memory/frame-record.ts";
import { VoiceRouter } from "../src/engine/transport/voice-router.ts";
import { coreModule, neuralModule } from "../test/support/core-module.ts";
import { SctpChannelModel, VirtualClock } from "../test/support/sctp-channel-model.ts";
import { type Measurement, outageEnds } from "./network-measurement.ts";

/** Begin of virtual time, ms since 1970. */
const START = 1_790_000_000_000;
const SSRC = 7;
const LINK = 1;
/** Samples pulled at once: 10 ms. */
const PULL = 480;
/** Headers that a bottleneck carries around what the channel model sends. */
const IP_UDP_BYTES = 28;

/** What a virtual call needs. */
export type VirtualCallOptions = {
  /** Mono, 48 kHz; repeated when it ends. */
  readonly speech: Float32Array;
  readonly settleMs: number;
  readonly measureMs: number;
  readonly seed: number;
  readonly neural: boolean;
};

/**
 * One direction of a call in virtual time: encoder → router → model of an SCTP channel over impaired paths → router → receive stream, the
 * engine's own parts without browser, threads and devices. The same seed gives the same samples.
 */
export function measureVirtualCall(profile: ImpairmentProfile, options: VirtualCallOptions): Measurement {
  const call = new VirtualSpeech(profile, options);
  call.runTo(options.settleMs);
  const before = call.counts();
  const fromMs = START + options.settleMs;
  call.runTo(options.settleMs + options.measureMs);
  const after = call.counts();
  const toMs = START + options.settleMs + options.measureMs;
  call.runTo(options.settleMs + options.measureMs + 1000);
  const { speech } = options;
  const length = Math.round(((options.settleMs + options.measureMs + 1000) * SAMPLE_RATE) / 1000);
  const first = Math.round((options.settleMs * SAMPLE_RATE) / 1000);
  const spoken = Float32Array.from({ length: length - first }, (_, i) => speech[(first + i) % speech.length] ?? 0);
  const delivered = after.offered - before.offered;
  return {
    directions: [
      {
        spoken: { sampleRate: SAMPLE_RATE, samples: spoken, startMs: fromMs },
        heard: { sampleRate: SAMPLE_RATE, samples: call.heard.slice(first, length), startMs: fromMs },
      },
    ],
    fromMs,
    toMs,
    outageEnds: outageEnds(profile, START, { fromMs, toMs }),
    concealment: [
      {
        concealedSamples: after.concealed - before.concealed,
        silentConcealedSamples: after.silent - before.silent,
        totalSamples: after.total - before.total,
      },
    ],
    traffic: [
      {
        bitrate: ((after.bytes - before.bytes) * 8000) / options.measureMs,
        packets: delivered,
        dropped: after.dropped - before.dropped,
      },
    ],
    details: call.details(),
  };
}

class VirtualSpeech {
  readonly heard: Float32Array;
  readonly #unused: Float32Array;
  readonly #clock = new VirtualClock(START);
  readonly #speech: Float32Array;
  readonly #encoder: OpusEncoder;
  readonly #receiver: ReceiveStream;
  readonly #speaker: VoiceRouter;
  readonly #listener: VoiceRouter;
  readonly #forward: Impairment;
  readonly #record = new Uint8Array(FRAME_RECORD_MAX_BYTES);
  readonly #decisions: unknown[] = [];
  #target: EncoderTarget;
  #spoken = 0;
  #played = 0;
  #bytes = 0;

  constructor(profile: ImpairmentProfile, { speech, settleMs, measureMs, seed, neural }: VirtualCallOptions) {
    const clock = this.#clock;
    const preferences: EncoderPreferences = { ...DEFAULT_PREFERENCES, dtx: defaultSettings.encoder.dtx };
    const module = neural ? neuralModule() : coreModule();
    this.#speech = speech;
    this.heard = new Float32Array(Math.ceil(((settleMs + measureMs + 2000) * SAMPLE_RATE) / 1000));
    this.#unused = new Float32Array(this.heard.length);
    this.#target = preferences;
    this.#encoder = new OpusEncoder(CodecModule.instantiate(module), { channels: 1 });
    this.#encoder.configure({ ...preferences, complexity: 9, rateControl: "vbr" });
    const settings = defaultSettings.jitterBuffer;
    this.#receiver = new ReceiveStream({ codec: CodecModule.instantiate(module), channels: 1, settings });
    this.#forward = new Impairment(profile, seededRandom(seed), clock.now);
    const backward = new Impairment(profile, seededRandom(seed + 1), clock.now);
    const toListener = new SctpChannelModel(clock, this.#forward, backward);
    const toSpeaker = new SctpChannelModel(clock, backward, this.#forward);
    toListener.onTransmit = (bytes) => {
      this.#bytes += bytes + IP_UDP_BYTES;
    };
    this.#speaker = new VoiceRouter({
      now: clock.now,
      random: seededRandom(seed + 2),
      effects: {
        encoderTarget: (_, target) => this.#retarget(target),
        decision: (entry) => this.#decisions.push({ ...entry, at: entry.at - START }),
      },
    });
    const effects = { encoderTarget: () => undefined, decision: () => undefined };
    this.#listener = new VoiceRouter({ now: clock.now, random: seededRandom(seed + 3), effects });
    toListener.onMessage = (bytes) => this.#listener.datagram(LINK, bytes, clock.now);
    toSpeaker.onMessage = (bytes) => this.#speaker.datagram(LINK, bytes, clock.now);
    this.#speaker.setNeural(neural);
    this.#speaker.addLink(LINK, toListener, clock.now);
    this.#listener.addLink(LINK, toSpeaker, clock.now);
    this.#speaker.addLocalStream(SSRC, preferences, clock.now);
    const writer = { write: (record: Uint8Array, length: number) => this.#receive(record, length), overruns: 0 };
    this.#listener.addRemoteStream(LINK, SSRC, writer, clock.now);
    clock.at(START + preferences.frameDuration, () => this.#speak());
    this.#play();
    this.#tick(this.#speaker);
    this.#tick(this.#listener);
  }

  /** Lets time pass until `ms` after the start. */
  runTo(ms: number): void {
    this.#clock.runUntil(START + ms);
  }

  counts(): Readonly<Record<"concealed" | "silent" | "total" | "bytes" | "offered" | "dropped", number>> {
    const { concealedSamples, silentConcealedSamples, totalSamplesReceived } = this.#receiver.statistics;
    const { offered, lost, queueDrops } = this.#forward.counters;
    return {
      concealed: concealedSamples,
      silent: silentConcealedSamples,
      total: totalSamplesReceived,
      bytes: this.#bytes,
      offered,
      dropped: lost + queueDrops,
    };
  }

  details(): unknown {
    return {
      receiver: { ...this.#receiver.statistics },
      link: this.#speaker.statistics()[0],
      decisions: this.#decisions,
    };
  }

  #retarget(target: EncoderTarget): void {
    this.#target = target;
    this.#encoder.configure(target);
  }

  #speak(): void {
    const { frameDuration } = this.#target;
    const samples = millisecondsToSamples(frameDuration);
    for (let i = 0; i < samples; i++) {
      this.#encoder.input[i] = this.#speech[(this.#spoken + i) % this.#speech.length] ?? 0;
    }
    const length = this.#encoder.encode(samples);
    this.#record.set(this.#encoder.output.subarray(0, length), FRAME_RECORD_HEADER_BYTES);
    writeFrameRecordHeader(this.#record, {
      rtpTimestamp: this.#spoken >>> 0,
      frameSamples: samples,
      isTalkspurtStart: false,
      hasVoiceActivity: true,
      isDtx: length <= 2,
      audioLevel: 30,
      dredSamples: 0,
    });
    this.#spoken += samples;
    this.#speaker.frame(SSRC, this.#record, FRAME_RECORD_HEADER_BYTES + length, this.#clock.now);
    // A frame is whole when its last sample was spoken: the next one takes as long as it will be.
    this.#clock.at(START + samplesToMilliseconds(this.#spoken) + this.#target.frameDuration, () => this.#speak());
  }

  #receive(record: Uint8Array, length: number): boolean {
    const now = Math.max(this.#receiver.now, Math.round(millisecondsToSamples(this.#clock.now - START)));
    const datagram = record.slice(DATAGRAM_RECORD_HEADER_BYTES, length);
    this.#receiver.insert(datagram, datagram.length, now);
    return true;
  }

  #play(): void {
    if (this.#played + PULL <= this.heard.length) {
      this.#receiver.pull(this.heard, this.#unused, this.#played, PULL);
      this.#played += PULL;
    }
    const { currentDelayMs, targetDelayMs, concealedSamples, packetsDiscarded } = this.#receiver.statistics;
    this.#listener.setPlayoutReport(LINK, SSRC, {
      delayMs: currentDelayMs,
      targetMs: targetDelayMs,
      concealedMs: samplesToMilliseconds(concealedSamples),
      packetsLate: packetsDiscarded,
    });
    this.#clock.at(START + samplesToMilliseconds(this.#played), () => this.#play());
  }

  #tick(router: VoiceRouter): void {
    router.tick(this.#clock.now);
    this.#clock.at(Math.max(this.#clock.now + 1, router.nextTimeout()), () => this.#tick(router));
  }
}
