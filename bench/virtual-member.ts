import { CodecModule } from "../src/engine/codec/codec-module.ts";
import { OpusEncoder } from "../src/engine/codec/opus-encoder.ts";
import type { EncoderPreferences, EncoderTarget } from "../src/engine/congestion/encoder-target.ts";
import { DEFAULT_PREFERENCES } from "../src/engine/congestion/encoder-target.ts";
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
import type { DatagramChannel } from "../src/engine/transport/datagram-channel.ts";
import { VoiceRouter } from "../src/engine/transport/voice-router.ts";
import { coreModule, neuralModule } from "../test/support/core-module.ts";
import type { VirtualClock } from "../test/support/sctp-channel-model.ts";

const LINK = 1;
/** Between two entries of the timeline, ms. */
const NOTE_MS = 250;
/** Samples pulled at once: 10 ms. */
const PULL = 480;

/** What a member of a virtual call is made of. */
export type VirtualMemberOptions = {
  readonly clock: VirtualClock;
  /** Mono, 48 kHz; repeated when it ends. */
  readonly speech: Float32Array;
  /** Length of the call. */
  readonly totalMs: number;
  readonly seed: number;
  readonly neural: boolean;
  /** RTP sources of what this member says and of what it hears. */
  readonly ssrc: number;
  readonly remoteSsrc: number;
};

/** One side of a call in virtual time: encoder and router towards a channel, router and receive stream from it. */
export class VirtualMember {
  /** What was heard since the call began. */
  readonly heard: Float32Array;
  readonly #unused: Float32Array;
  readonly #options: VirtualMemberOptions;
  readonly #start: number;
  readonly #encoder: OpusEncoder;
  readonly #receiver: ReceiveStream;
  readonly #router: VoiceRouter;
  readonly #record = new Uint8Array(FRAME_RECORD_MAX_BYTES);
  readonly #decisions: unknown[] = [];
  readonly #timeline: unknown[] = [];
  #target: EncoderTarget;
  #spoken = 0;
  #played = 0;

  constructor(options: VirtualMemberOptions) {
    const { clock, totalMs, seed, neural } = options;
    this.#options = options;
    this.#start = clock.now;
    const preferences: EncoderPreferences = { ...DEFAULT_PREFERENCES, dtx: defaultSettings.encoder.dtx };
    const module = neural ? neuralModule() : coreModule();
    this.heard = new Float32Array(Math.ceil(((totalMs + 1000) * SAMPLE_RATE) / 1000));
    this.#unused = new Float32Array(this.heard.length);
    this.#target = preferences;
    this.#encoder = new OpusEncoder(CodecModule.instantiate(module), { channels: 1 });
    this.#encoder.configure({ ...preferences, complexity: 9, rateControl: "vbr" });
    const settings = defaultSettings.jitterBuffer;
    this.#receiver = new ReceiveStream({ codec: CodecModule.instantiate(module), channels: 1, settings });
    this.#router = new VoiceRouter({
      now: clock.now,
      random: seededRandom(seed),
      effects: {
        encoderTarget: (_, target) => this.#retarget(target),
        decision: (entry) => this.#decisions.push({ ...entry, at: entry.at - this.#start }),
      },
    });
    this.#router.setNeural(neural);
  }

  /** Starts to talk into `channel` and to hear what comes by {@link VirtualMember.receive}. */
  join(channel: DatagramChannel): void {
    const { clock, ssrc, remoteSsrc } = this.#options;
    this.#router.addLink(LINK, channel, clock.now);
    this.#router.addLocalStream(ssrc, { ...DEFAULT_PREFERENCES, dtx: defaultSettings.encoder.dtx }, clock.now);
    const writer = { write: (record: Uint8Array, length: number) => this.#insert(record, length), overruns: 0 };
    this.#router.addRemoteStream(LINK, remoteSsrc, writer, clock.now);
    clock.at(clock.now + this.#target.frameDuration, () => this.#speak());
    this.#play();
    this.#tick();
    this.#note();
  }

  /** Talks into one more channel, on a connection of its own. */
  addChannel(channel: DatagramChannel): void {
    this.#router.addChannel(LINK, channel);
  }

  /** Connections that the controllers ask for. */
  get wantedConnections(): number {
    const link = this.#router.statistics(this.#options.clock.now)[0];
    return Math.max(1, ...(link?.outgoing.map(({ target }) => target.connections) ?? []));
  }

  /** Takes a message that the other side sent, which came on `channel`. */
  receive(bytes: Uint8Array, channel: DatagramChannel | undefined): void {
    this.#router.datagram(LINK, bytes, this.#options.clock.now, channel);
  }

  counts(): Readonly<Record<"concealedSamples" | "silentConcealedSamples" | "totalSamples", number>> {
    const { concealedSamples, silentConcealedSamples, totalSamplesReceived } = this.#receiver.statistics;
    return { concealedSamples, silentConcealedSamples, totalSamples: totalSamplesReceived };
  }

  details(): unknown {
    const link = this.#router.statistics(this.#options.clock.now)[0];
    return { receiver: { ...this.#receiver.statistics }, link, decisions: this.#decisions, timeline: this.#timeline };
  }

  #retarget(target: EncoderTarget): void {
    this.#target = target;
    this.#encoder.configure(target);
  }

  #speak(): void {
    const { clock, speech, ssrc } = this.#options;
    const samples = millisecondsToSamples(this.#target.frameDuration);
    for (let i = 0; i < samples; i++) this.#encoder.input[i] = speech[(this.#spoken + i) % speech.length] ?? 0;
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
      heldBackSamples: 0,
      isPause: false,
    });
    this.#spoken += samples;
    this.#router.frame(ssrc, this.#record, FRAME_RECORD_HEADER_BYTES + length, clock.now);
    // A frame is whole when its last sample was spoken: the next one takes as long as it will be.
    const next = this.#start + samplesToMilliseconds(this.#spoken) + this.#target.frameDuration;
    clock.at(next, () => this.#speak());
  }

  #insert(record: Uint8Array, length: number): boolean {
    const elapsed = this.#options.clock.now - this.#start;
    const now = Math.max(this.#receiver.now, Math.round(millisecondsToSamples(elapsed)));
    const datagram = record.slice(DATAGRAM_RECORD_HEADER_BYTES, length);
    this.#receiver.insert(datagram, datagram.length, now);
    return true;
  }

  #play(): void {
    const { clock, remoteSsrc } = this.#options;
    if (this.#played + PULL <= this.heard.length) {
      this.#receiver.pull(this.heard, this.#unused, this.#played, PULL);
      this.#played += PULL;
    }
    const { currentDelayMs, targetDelayMs, concealedSamples, packetsDiscarded } = this.#receiver.statistics;
    this.#router.setPlayoutReport(LINK, remoteSsrc, {
      delayMs: currentDelayMs,
      targetMs: targetDelayMs,
      concealedMs: samplesToMilliseconds(concealedSamples),
      packetsLate: packetsDiscarded,
    });
    clock.at(this.#start + samplesToMilliseconds(this.#played), () => this.#play());
  }

  /** How what is heard fares, four times a second. */
  #note(): void {
    const { clock } = this.#options;
    const { targetDelayMs, currentDelayMs, concealedSamples, packetsDiscarded } = this.#receiver.statistics;
    const at = clock.now - this.#start;
    this.#timeline.push({ at, targetDelayMs, currentDelayMs, concealedSamples, packetsDiscarded });
    clock.at(clock.now + NOTE_MS, () => this.#note());
  }

  #tick(): void {
    const { clock } = this.#options;
    this.#router.tick(clock.now);
    clock.at(Math.max(clock.now + 1, this.#router.nextTimeout()), () => this.#tick());
  }
}
