import type {
  DecisionLogEntry,
  EncoderPreferences,
  EncoderTarget,
} from "../../src/engine/congestion/encoder-target.ts";
import { DEFAULT_PREFERENCES } from "../../src/engine/congestion/encoder-target.ts";
import { Impairment, type ImpairmentProfile } from "../../src/engine/measurement/impairment.ts";
import { seededRandom } from "../../src/engine/media/random.ts";
import { RedPayloadView } from "../../src/engine/packet/red-payload.ts";
import { RED_PAYLOAD_TYPE, RtpPacketView } from "../../src/engine/packet/rtp-packet.ts";
import { DATAGRAM_RECORD_HEADER_BYTES } from "../../src/engine/shared-memory/datagram-record.ts";
import { FRAME_RECORD_HEADER_BYTES, writeFrameRecordHeader } from "../../src/engine/shared-memory/frame-record.ts";
import type { OutgoingStreamStatistics } from "../../src/engine/transport/link-statistics.ts";
import { VoiceRouter } from "../../src/engine/transport/voice-router.ts";
import { SctpChannelModel, VirtualClock } from "./sctp-channel-model.ts";

export const SSRC = 0x1234_5678;
const LINK = 1;
const START = 1_790_000_000_000;

/** One frame as it came out of the far router: when it was made, when it arrived, and whether as a redundant copy. */
export interface ReceivedFrame {
  readonly madeAt: number;
  readonly arrivedAt: number;
  readonly isRedundant: boolean;
}

/** State of the sender, sampled every 100 ms. Times count from the start of the call, ms. */
export interface Sample extends OutgoingStreamStatistics {
  readonly time: number;
}

/** A speaker and a listener, each a whole VoiceRouter, over an SCTP-like channel and impaired paths, in virtual time. */
export class VirtualCall {
  readonly clock = new VirtualClock(START);
  readonly speaker: VoiceRouter;
  readonly listener: VoiceRouter;
  readonly decisions: DecisionLogEntry[] = [];
  readonly targets: EncoderTarget[] = [];
  readonly received: ReceivedFrame[] = [];
  readonly samples: Sample[] = [];
  readonly forward: Impairment;
  readonly backward: Impairment;
  readonly toListener: SctpChannelModel;
  readonly toSpeaker: SctpChannelModel;
  framesMade = 0;
  isTalking = true;
  #target: EncoderTarget;
  readonly #made = new Map<number, number>();
  #timestamp = 0xffff_0000;

  constructor(options: {
    readonly profile: ImpairmentProfile;
    readonly seed: number;
    readonly preferences?: EncoderPreferences;
  }) {
    const { profile, seed, preferences = DEFAULT_PREFERENCES } = options;
    const { clock } = this;
    this.#target = preferences;
    this.forward = new Impairment(profile, seededRandom(seed), clock.now);
    this.backward = new Impairment(profile, seededRandom(seed + 1), clock.now);
    this.toListener = new SctpChannelModel(clock, this.forward, this.backward);
    this.toSpeaker = new SctpChannelModel(clock, this.backward, this.forward);
    this.speaker = new VoiceRouter({
      now: clock.now,
      random: seededRandom(seed + 2),
      effects: {
        encoderTarget: (_, target) => {
          this.#target = target;
          this.targets.push(target);
        },
        decision: (entry) => this.decisions.push({ ...entry, at: entry.at - START }),
      },
    });
    this.listener = new VoiceRouter({
      now: clock.now,
      random: seededRandom(seed + 3),
      effects: { encoderTarget: () => undefined, decision: () => undefined },
    });
    this.toListener.onMessage = (bytes) => this.listener.datagram(LINK, bytes, clock.now);
    this.toSpeaker.onMessage = (bytes) => this.speaker.datagram(LINK, bytes, clock.now);
    this.speaker.addLink(LINK, this.toListener, clock.now);
    this.listener.addLink(LINK, this.toSpeaker, clock.now);
    this.speaker.addLocalStream(SSRC, preferences, clock.now);
    this.listener.addRemoteStream(LINK, SSRC, { write: (record) => this.#receive(record), overruns: 0 }, clock.now);
    this.#encode();
    this.#tick(this.speaker);
    this.#tick(this.listener);
    this.#sample();
  }

  /** Time since the start, ms. */
  get time(): number {
    return this.clock.now - START;
  }

  run(milliseconds: number): void {
    this.clock.runUntil(this.clock.now + milliseconds);
  }

  setProfile(profile: ImpairmentProfile): void {
    this.forward.profile = profile;
    this.backward.profile = profile;
  }

  /** Share of frames made between the times that never arrived within `deadlineMs`, in any form. */
  missingFrames(from: number, to: number, deadlineMs: number): number {
    const inTime = new Set<number>();
    for (const frame of this.received) if (frame.arrivedAt - frame.madeAt <= deadlineMs) inTime.add(frame.madeAt);
    const made = [...this.#made.values()].filter((time) => time - START >= from && time - START < to);
    return made.filter((time) => !inTime.has(time)).length / made.length;
  }

  /** Delays in ms of primary frames made between the times, sorted. */
  delays(from: number, to: number): number[] {
    return this.received
      .filter((frame) => !frame.isRedundant && frame.madeAt - START >= from && frame.madeAt - START < to)
      .map((frame) => frame.arrivedAt - frame.madeAt)
      .sort((a, b) => a - b);
  }

  #encode(): void {
    const { bitrate, frameDuration } = this.#target;
    const { clock } = this;
    const isTalking = this.isTalking;
    const length = isTalking ? Math.max(3, Math.round((bitrate * frameDuration) / 8000)) : 1;
    const record = new Uint8Array(FRAME_RECORD_HEADER_BYTES + length).fill(this.framesMade & 0xff);
    this.#timestamp = (this.#timestamp + frameDuration * 48) >>> 0;
    writeFrameRecordHeader(record, {
      rtpTimestamp: this.#timestamp,
      frameSamples: frameDuration * 48,
      isTalkspurtStart: false,
      hasVoiceActivity: isTalking,
      isDtx: !isTalking,
      audioLevel: 30,
      dredSamples: 0,
      heldBackSamples: 0,
      isPause: false,
    });
    if (isTalking) {
      this.framesMade++;
      this.#made.set(this.#timestamp, clock.now);
    }
    this.speaker.frame(SSRC, record, record.length, clock.now);
    clock.at(clock.now + frameDuration, () => this.#encode());
  }

  #receive(record: Uint8Array): boolean {
    const packet = new RtpPacketView();
    if (packet.parse(record, record.length - DATAGRAM_RECORD_HEADER_BYTES, DATAGRAM_RECORD_HEADER_BYTES)) return true;
    this.#note(packet.timestamp, false);
    const redundancy = new RedPayloadView();
    if (packet.payloadType !== RED_PAYLOAD_TYPE) return true;
    redundancy.parse(record, packet.payloadOffset, packet.payloadLength);
    for (let i = 0; i < redundancy.count - 1; i++) {
      this.#note((packet.timestamp - redundancy.timestampOffset(i)) >>> 0, true);
    }
    return true;
  }

  #note(timestamp: number, isRedundant: boolean): void {
    const madeAt = this.#made.get(timestamp);
    if (madeAt !== undefined) this.received.push({ madeAt, arrivedAt: this.clock.now, isRedundant });
  }

  #tick(router: VoiceRouter): void {
    router.tick(this.clock.now);
    this.clock.at(Math.max(this.clock.now + 1, router.nextTimeout()), () => this.#tick(router));
  }

  #sample(): void {
    const outgoing = this.speaker.statistics(this.clock.now)[0]?.outgoing[0];
    if (outgoing !== undefined) this.samples.push({ time: this.time, ...outgoing });
    this.clock.at(this.clock.now + 100, () => this.#sample());
  }
}
