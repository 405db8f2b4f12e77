import { isSilentOpusPacket } from "../codec/packet-inspection.ts";
import { combineTargets } from "../congestion/encoder-policy.ts";
import type { DecisionLogEntry, EncoderPreferences, EncoderTarget } from "../congestion/encoder-target.ts";
import { FrameAge } from "../congestion/frame-age.ts";
import { LinkController, type LinkTarget } from "../congestion/link-controller.ts";
import type { RandomSource } from "../media/random.ts";
import { type Milliseconds, samplesToMilliseconds } from "../media/units.ts";
import type { FeedbackReport } from "../packet/feedback-report.ts";
import type { NetworkPins } from "../settings/network-settings.ts";
import { NO_PINS } from "../settings/no-pins.ts";
import { FRAME_RECORD_HEADER_BYTES, FrameRecordView } from "../shared-memory/frame-record.ts";
import { FrameHistory } from "./frame-history.ts";
import type { OutgoingStreamStatistics } from "./link-statistics.ts";
import { SilenceThinner } from "./silence-thinner.ts";
import { type OutgoingFrame, StreamSender } from "./stream-sender.ts";
import type { VoiceLink } from "./voice-link.ts";

/** Frames of this length, ms, are a narrow path's: everything else on it has to be spared too. */
const NARROW_FRAME_MS = 60;

/** Listeners up to whom a call is small: every packet costs its headers, and every connection its checks, once for each of them. */
const SMALL_CALL_LINKS = 1;

interface StreamOnLink {
  readonly link: VoiceLink;
  readonly sender: StreamSender;
  readonly controller: LinkController;
}

/** What a local stream asks of the world around it. */
export interface LocalStreamEffects {
  encoderTarget(ssrc: number, target: EncoderTarget): void;
  decision(entry: DecisionLogEntry): void;
}

/** One encoder's stream on all links: fans frames out and turns what the links need into one encoder target. */
export class LocalStream {
  readonly ssrc: number;
  readonly #effects: LocalStreamEffects;
  readonly #random: RandomSource;
  readonly #links = new Map<number, StreamOnLink>();
  readonly #history = new FrameHistory();
  readonly #age = new FrameAge();
  readonly #thinner = new SilenceThinner();
  readonly #record = new FrameRecordView();
  readonly #frame: { -readonly [Key in keyof OutgoingFrame]: OutgoingFrame[Key] };
  #preferences: EncoderPreferences;
  #pins: NetworkPins = NO_PINS;
  #hasNeural = false;
  #target: EncoderTarget;

  constructor(options: {
    readonly ssrc: number;
    readonly preferences: EncoderPreferences;
    readonly random: RandomSource;
    readonly effects: LocalStreamEffects;
  }) {
    this.ssrc = options.ssrc;
    this.#preferences = options.preferences;
    this.#target = options.preferences;
    this.#random = options.random;
    this.#effects = options.effects;
    this.#frame = {
      bytes: new Uint8Array(0),
      offset: FRAME_RECORD_HEADER_BYTES,
      length: 0,
      timestamp: 0,
      samples: 0,
      isTalkspurtStart: false,
      hasVoiceActivity: false,
      audioLevel: 127,
      heldBackSamples: 0,
      isPause: false,
      ageMs: 0,
    };
  }

  /** Changes what the controllers must respect. */
  configure(change: {
    readonly preferences?: EncoderPreferences;
    readonly pins?: NetworkPins;
    readonly hasNeural?: boolean;
  }): void {
    this.#preferences = change.preferences ?? this.#preferences;
    this.#pins = change.pins ?? this.#pins;
    this.#hasNeural = change.hasNeural ?? this.#hasNeural;
    for (const { controller } of this.#links.values()) this.#configureController(controller);
  }

  /** `before` is an earlier link to the same peer, which is still there. */
  addLink(link: VoiceLink, now: Milliseconds, before?: number): void {
    const firstSequence = Math.floor(this.#random() * 0x8000);
    const sender = new StreamSender({ ssrc: this.ssrc, firstSequence, gate: link.gate });
    const controller = new LinkController({
      now,
      before: before === undefined ? undefined : this.#links.get(before)?.controller,
      canSpread: link.channel.canGrow,
      decision: (quantity, from, to, reason, at) =>
        this.#effects.decision({ at, ssrc: this.ssrc, linkId: link.linkId, quantity, from, to, reason }),
    });
    this.#configureController(controller);
    this.#links.set(link.linkId, { link, sender, controller });
    this.#countLinks();
  }

  removeLink(linkId: number): void {
    this.#links.delete(linkId);
    this.#countLinks();
  }

  /** Sends one frame record on all links, but silence that they know of already. Too short a record is ignored. */
  frame(record: Uint8Array, length: number, now: Milliseconds): void {
    if (!this.#record.parse(record, length)) return;
    const frame = this.#frame;
    frame.bytes = record;
    frame.length = length - FRAME_RECORD_HEADER_BYTES;
    frame.timestamp = this.#record.rtpTimestamp;
    frame.samples = this.#record.frameSamples;
    frame.isTalkspurtStart = this.#record.isTalkspurtStart;
    frame.hasVoiceActivity = this.#record.hasVoiceActivity;
    frame.audioLevel = this.#record.audioLevel;
    frame.heldBackSamples = this.#record.heldBackSamples;
    frame.isPause = this.#record.isPause;
    // What was held back on purpose is not old: its age counts from when it was let go.
    frame.ageMs = this.#age.update((frame.timestamp + frame.heldBackSamples) >>> 0, now);
    if (!this.#thinner.admit(frame.length, now)) {
      // Redundancy counts frames by sequence numbers, and this one gets none.
      this.#history.clear();
      return;
    }
    for (const { link, sender, controller } of this.#links.values()) {
      const { target } = controller;
      const probe = controller.probe(now);
      sender.redundancyDistances = probe ?? target.redundancyDistances;
      sender.framesPerPacket = target.framesPerPacket;
      const { drainRate } = controller;
      sender.pathRate = drainRate ?? target.pathRate;
      sender.isThinned = drainRate !== undefined || isSlowerThan(target, this.#target);
      const decision = sender.send(frame, this.#history, link.channel, now);
      // In a pause little is sent because there is little to say.
      const frameMs = isSilentOpusPacket(frame.length) ? 0 : samplesToMilliseconds(frame.samples);
      if (decision === "send") controller.sent(sender.newestWireBytes, now, probe !== undefined, frameMs);
      else if (decision === "backlog") controller.keptBack(frameMs);
      else if (decision === "bundled") controller.bundled(frameMs);
    }
    this.#history.push(frame.timestamp, record, FRAME_RECORD_HEADER_BYTES, frame.length);
  }

  /** Takes the report of the peer of `linkId`. False when it does not fit what was sent. */
  report(linkId: number, report: FeedbackReport, now: Milliseconds): boolean {
    const entry = this.#links.get(linkId);
    if (entry === undefined || !entry.controller.report(report, entry.sender.sent, now)) return false;
    const { link, controller } = entry;
    link.isSparing = controller.target.frameDuration >= NARROW_FRAME_MS;
    link.gate.roundTripMs = controller.roundTripMs ?? 0;
    link.channel.limit = this.#pins.connections ?? Number.POSITIVE_INFINITY;
    this.#retarget(now);
    return true;
  }

  /** Lets the controllers act on the passing of time. */
  tick(now: Milliseconds): void {
    for (const { controller } of this.#links.values()) controller.tick(now);
    this.#retarget(now);
  }

  statistics(linkId: number): OutgoingStreamStatistics | undefined {
    const entry = this.#links.get(linkId);
    if (entry === undefined) return undefined;
    const { sender, controller } = entry;
    return {
      ssrc: this.ssrc,
      packetsSent: sender.packetsSent,
      bytesSent: sender.bytesSent,
      redundantBytesSent: sender.redundantBytesSent,
      gateDrops: { ...sender.gateDrops },
      ...controller.statistics(),
      target: controller.target,
      encoder: this.#target,
    };
  }

  #countLinks(): void {
    for (const { controller } of this.#links.values()) controller.isSmallCall = this.#links.size <= SMALL_CALL_LINKS;
  }

  #configureController(controller: LinkController): void {
    controller.configure({ preferences: this.#preferences, pins: this.#pins, hasNeural: this.#hasNeural });
  }

  #retarget(now: Milliseconds): void {
    const targets = Array.from(this.#links.values(), ({ controller }) => controller.target);
    const target = combineTargets(targets, this.#preferences, this.#pins);
    const changes = describeChanges(this.#target, target);
    if (changes.length === 0) return;
    this.#target = target;
    this.#effects.encoderTarget(this.ssrc, target);
    const reason = `${targets.length} link${targets.length === 1 ? "" : "s"}: the slowest sets rate and frame, the most lossy protection`;
    for (const { quantity, from, to } of changes) {
      this.#effects.decision({ at: now, ssrc: this.ssrc, linkId: undefined, quantity, from, to, reason });
    }
  }
}

/** Whether the encoder, which other links govern, produces more than the link asks for. */
function isSlowerThan(link: LinkTarget, encoder: EncoderTarget): boolean {
  return link.bitrate < encoder.bitrate || link.frameDuration > encoder.frameDuration;
}

function describeChanges(from: EncoderTarget, to: EncoderTarget): Pick<DecisionLogEntry, "quantity" | "from" | "to">[] {
  const all = [
    { quantity: "bitrate", from: from.bitrate, to: to.bitrate },
    { quantity: "frame-duration", from: from.frameDuration, to: to.frameDuration },
    { quantity: "fec", from: Number(from.fec), to: Number(to.fec) },
    { quantity: "expected-loss", from: from.expectedLossPercent, to: to.expectedLossPercent },
    { quantity: "dred", from: from.dredDuration, to: to.dredDuration },
    { quantity: "dtx", from: Number(from.dtx), to: Number(to.dtx) },
  ] as const;
  return all.filter((change) => change.from !== change.to);
}
