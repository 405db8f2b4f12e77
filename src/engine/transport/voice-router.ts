import type { DecisionLogEntry, EncoderPreferences, EncoderTarget } from "../congestion/encoder-target.ts";
import { DEFAULT_PREFERENCES } from "../congestion/encoder-target.ts";
import type { RandomSource } from "../media/random.ts";
import type { Milliseconds } from "../media/units.ts";
import type { NetworkPins } from "../settings/network-settings.ts";
import { NO_PINS } from "../settings/no-pins.ts";
import type { PacketWriter } from "../shared-memory/packet-pipe.ts";
import type { DatagramChannel } from "./datagram-channel.ts";
import type { LinkStatistics } from "./link-statistics.ts";
import { LocalStream } from "./local-stream.ts";
import type { PlayoutReport } from "./stream-receiver.ts";
import { VoiceLink } from "./voice-link.ts";

/** What the router asks of the world around it. Called synchronously from the router's methods. */
export interface RouterEffects {
  /** The encoder of local stream `ssrc` should run like this from now on. */
  encoderTarget(ssrc: number, target: EncoderTarget): void;
  /** A controller decided something; for the statistics and the diagnostics timeline. */
  decision(entry: DecisionLogEntry): void;
}

/** Interval at which controllers look at the clock even when nothing arrives, ms. */
const TICK_MS: Milliseconds = 100;

/**
 * The path of voice between encoders, links and jitter buffers: packetizes every local frame for every link, and routes every
 * arriving datagram to its stream's pipe or to the congestion controllers. Pure: all time and bytes are inputs. `now` is in ms on
 * one monotonic clock in all calls (in the browser `performance.timeOrigin + performance.now()`). Nothing throws on peer input.
 * Runs in the network worker, or on the main thread where channels cannot be transferred.
 */
export class VoiceRouter {
  readonly #effects: RouterEffects;
  readonly #random: RandomSource;
  readonly #links = new Map<number, VoiceLink>();
  readonly #streams = new Map<number, LocalStream>();
  readonly #streamPins = new Map<number, NetworkPins>();
  #pins: NetworkPins = NO_PINS;
  #hasNeural = false;
  #nextTick: Milliseconds;

  constructor(options: {
    readonly now: Milliseconds;
    readonly random: RandomSource;
    readonly effects: RouterEffects;
  }) {
    this.#effects = options.effects;
    this.#random = options.random;
    this.#nextTick = options.now + TICK_MS;
  }

  /**
   * Starts to send all local streams to, and to accept announced streams from, the peer behind `channel`. `before` is an earlier link to the
   * same peer, to be removed afterwards: what is known of the path goes on.
   */
  addLink(linkId: number, channel: DatagramChannel, now: Milliseconds, before?: number): void {
    const link = new VoiceLink({ linkId, channel, random: this.#random, now });
    this.#links.set(linkId, link);
    for (const stream of this.#streams.values()) stream.addLink(link, now, before);
  }

  /** Spreads the voice of a link over one more channel to the same peer. Unknown links are ignored. */
  addChannel(linkId: number, channel: DatagramChannel): void {
    this.#links.get(linkId)?.channel.add(channel);
  }

  /** Uses a channel of {@link VoiceRouter.addChannel} no more. */
  removeChannel(linkId: number, channel: DatagramChannel): void {
    this.#links.get(linkId)?.channel.remove(channel);
  }

  /** Forgets a link and its remote streams. Unknown ids are ignored. */
  removeLink(linkId: number): void {
    const link = this.#links.get(linkId);
    if (link === undefined) return;
    this.#links.delete(linkId);
    for (const stream of this.#streams.values()) stream.removeLink(linkId);
  }

  /** Starts to carry a local stream on every link. `preferences` are the user's encoder settings: the most it will be asked for. */
  addLocalStream(ssrc: number, preferences: EncoderPreferences = DEFAULT_PREFERENCES, now: Milliseconds = 0): void {
    const stream = new LocalStream({ ssrc, preferences, random: this.#random, effects: this.#effects });
    stream.configure({ pins: this.#pinsOf(ssrc), hasNeural: this.#hasNeural });
    this.#streams.set(ssrc, stream);
    for (const link of this.#links.values()) stream.addLink(link, now);
  }

  /** Takes changed user settings of a local stream's encoder. */
  setPreferences(ssrc: number, preferences: EncoderPreferences): void {
    this.#streams.get(ssrc)?.configure({ preferences });
  }

  removeLocalStream(ssrc: number): void {
    this.#streams.delete(ssrc);
  }

  /** Accepts the stream `ssrc` that the peer of `linkId` announced; its datagram records go to `writer`. */
  addRemoteStream(linkId: number, ssrc: number, writer: PacketWriter, now: Milliseconds = 0): void {
    this.#links.get(linkId)?.addRemoteStream(ssrc, writer, now);
  }

  removeRemoteStream(linkId: number, ssrc: number): void {
    this.#links.get(linkId)?.removeRemoteStream(ssrc);
  }

  /** Takes one frame record (see `frame-record.ts`) of local stream `ssrc` and sends it on every link. */
  frame(ssrc: number, record: Uint8Array, length: number, now: Milliseconds): void {
    this.#streams.get(ssrc)?.frame(record, length, now);
  }

  /** Takes one datagram from the peer of `linkId`, on `channel` where there are several: voice goes to its stream's pipe, feedback to the controllers. */
  datagram(linkId: number, bytes: Uint8Array, now: Milliseconds, channel?: DatagramChannel): void {
    const link = this.#links.get(linkId);
    if (link === undefined) return;
    const report = link.datagram(bytes, now, channel);
    if (report === undefined) return;
    if (this.#streams.get(report.ssrc)?.report(linkId, report, now) !== true) link.dropped("bad-feedback");
  }

  /** Sends due feedback reports and lets the controllers act. Call at {@link VoiceRouter.nextTimeout}; late calls do no harm. */
  tick(now: Milliseconds): void {
    for (const link of this.#links.values()) link.tick(now);
    if (now < this.#nextTick) return;
    this.#nextTick = now + TICK_MS;
    for (const stream of this.#streams.values()) stream.tick(now);
  }

  /** When `tick` should be called next, on the clock of `now`. */
  nextTimeout(): Milliseconds {
    let earliest = this.#nextTick;
    for (const link of this.#links.values()) earliest = Math.min(earliest, link.nextReport);
    return earliest;
  }

  /** A snapshot for people and tests. Allocates: call it at a few hertz. */
  statistics(now: Milliseconds): LinkStatistics[] {
    return Array.from(this.#links.values(), (link) =>
      link.statistics(
        Array.from(this.#streams.values(), (stream) => stream.statistics(link.linkId)),
        now,
      ),
    );
  }

  /** Fixes quantities that the user wants to decide; null leaves one to the controllers. */
  setPins(pins: NetworkPins): void {
    this.#pins = pins;
    for (const stream of this.#streams.values()) stream.configure({ pins: this.#pinsOf(stream.ssrc) });
  }

  /** Fixes other quantities for one local stream, now or to come; undefined lets it follow the others again. */
  setStreamPins(ssrc: number, pins: NetworkPins | undefined): void {
    if (pins === undefined) this.#streamPins.delete(ssrc);
    else this.#streamPins.set(ssrc, pins);
    this.#streams.get(ssrc)?.configure({ pins: this.#pinsOf(ssrc) });
  }

  /** Whether encoder and decoders have the neural module, so that DRED can be asked for. */
  setNeural(hasNeural: boolean): void {
    this.#hasNeural = hasNeural;
    for (const stream of this.#streams.values()) stream.configure({ hasNeural });
  }

  /** What the playback side measures about a remote stream; goes into the next report to its sender. */
  setPlayoutReport(linkId: number, ssrc: number, report: PlayoutReport): void {
    this.#links.get(linkId)?.setPlayoutReport(ssrc, report);
  }

  #pinsOf(ssrc: number): NetworkPins {
    return this.#streamPins.get(ssrc) ?? this.#pins;
  }
}
