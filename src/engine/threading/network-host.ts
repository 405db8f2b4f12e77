import type { EncoderTarget } from "../congestion/encoder-target.ts";
import { seededRandom } from "../media/random.ts";
import { samplesToMilliseconds } from "../media/units.ts";
import { FRAME_RECORD_MAX_BYTES } from "../shared-memory/frame-record.ts";
import { openPacketReader, openPacketWriter } from "../shared-memory/open-packet-pipe.ts";
import type { PacketReader } from "../shared-memory/packet-pipe.ts";
import { watchPackets } from "../shared-memory/packet-watch.ts";
import { STREAM_TELEMETRY, streamTelemetryStart } from "../shared-memory/playback-telemetry.ts";
import { TelemetryReader } from "../shared-memory/telemetry-block.ts";
import type { DatagramChannel } from "../transport/datagram-channel.ts";
import { VoiceRouter } from "../transport/voice-router.ts";
import { EchoChannel } from "./echo-channel.ts";
import type { EncoderTargetMessage } from "./encoder-target-message.ts";
import { type FromNetworkThread, STATISTICS_INTERVAL_MS, type ToNetworkThread } from "./network-messages.ts";
import { RtcDatagramChannel } from "./rtc-datagram-channel.ts";
import { TracedPacketWriter } from "./traced-packet-writer.ts";
import { unreachable } from "./unreachable.ts";

type Message<Type extends ToNetworkThread["type"]> = Extract<ToNetworkThread, { readonly type: Type }>;
type ClosableChannel = DatagramChannel & { close(): void };
type LocalStream = { readonly reader: PacketReader; readonly stopWatching: () => void; readonly targets: MessagePort };
type RemoteStream = {
  readonly linkId: number;
  readonly ssrc: number;
  readonly slot: number;
  readonly writer: TracedPacketWriter;
};

/**
 * Everything the voice router needs around it: channels, pipes, a clock, timers. The network worker is a shell around one;
 * where channels cannot be transferred, one runs on the main thread instead.
 */
export class NetworkHost {
  readonly #post: (message: FromNetworkThread) => void;
  readonly #links = new Map<number, ClosableChannel>();
  /** Further channels of links, by link and channel. */
  readonly #channels = new Map<number, Map<number, RtcDatagramChannel>>();
  readonly #echoes = new Map<number, EchoChannel>();
  readonly #locals = new Map<number, LocalStream>();
  readonly #remotes = new Map<string, RemoteStream>();
  readonly #frame = new Uint8Array(FRAME_RECORD_MAX_BYTES);
  #router: VoiceRouter | undefined;
  #playback: TelemetryReader | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #statisticsDue = 0;

  /** `post` takes what the main thread is to know. */
  constructor(post: (message: FromNetworkThread) => void) {
    this.#post = post;
  }

  /** Does what the main thread asks. */
  receive(message: ToNetworkThread): void {
    switch (message.type) {
      case "start":
        this.#start(message);
        return;
      case "playback-telemetry":
        this.#playback?.close();
        this.#playback = new TelemetryReader(message.telemetry);
        return;
      case "add-link":
        this.#addLink(message);
        return;
      case "add-echo-link":
        this.#addEchoLink(message);
        return;
      case "set-echo-profile":
        this.#echoes.get(message.linkId)?.setProfile(message.profile);
        return;
      case "remove-link":
        this.#removeLink(message.linkId);
        return;
      case "add-channel":
        this.#addChannel(message);
        return;
      case "remove-channel":
        this.#removeChannel(message.linkId, message.channelId);
        return;
      case "add-local-stream":
        this.#addLocalStream(message);
        return;
      case "set-preferences":
        this.#router?.setPreferences(message.ssrc, message.preferences);
        return;
      case "remove-local-stream":
        this.#removeLocalStream(message.ssrc);
        return;
      case "add-remote-stream":
        this.#addRemoteStream(message);
        return;
      case "remove-remote-stream":
        this.#removeRemoteStream(message.linkId, message.ssrc);
        return;
      case "set-pins":
        this.#router?.setPins(message.pins);
        return;
      case "set-stream-pins":
        this.#router?.setStreamPins(message.ssrc, message.pins ?? undefined);
        return;
      case "set-neural":
        this.#router?.setNeural(message.hasNeural);
        return;
      case "trace":
        this.#remotes.get(remoteKey(message.linkId, message.ssrc))?.writer.setTracing(message.depth);
        return;
      case "close":
        this.#close();
        return;
      default:
        unreachable(message);
    }
  }

  #start({ pins, seed }: Message<"start">): void {
    this.#router = new VoiceRouter({
      now: now(),
      random: seededRandom(seed),
      effects: {
        encoderTarget: (ssrc, target) => this.#tellEncoder(ssrc, target),
        decision: (entry) => this.#post({ type: "decision", entry }),
      },
    });
    this.#router.setPins(pins);
    this.#schedule();
    this.#post({ type: "started" });
  }

  #tellEncoder(ssrc: number, target: EncoderTarget): void {
    const message: EncoderTargetMessage = { target };
    this.#locals.get(ssrc)?.targets.postMessage(message);
  }

  #addLink({ linkId, channel, before }: Message<"add-link">): void {
    const link = new RtcDatagramChannel(channel, {
      onOpen: () => this.#post({ type: "link-open", linkId }),
      onClose: () => this.#post({ type: "link-closed", linkId }),
      onDatagram: (bytes) => this.#router?.datagram(linkId, bytes, now(), link),
    });
    this.#links.set(linkId, link);
    this.#router?.addLink(linkId, link, now(), before);
  }

  #addChannel({ linkId, channelId, channel }: Message<"add-channel">): void {
    const further = new RtcDatagramChannel(channel, {
      onOpen: () => undefined,
      onClose: () => {
        this.#removeChannel(linkId, channelId);
        this.#post({ type: "channel-closed", linkId, channelId });
      },
      onDatagram: (bytes) => this.#router?.datagram(linkId, bytes, now(), further),
    });
    const channels = this.#channels.get(linkId) ?? new Map<number, RtcDatagramChannel>();
    this.#channels.set(linkId, channels.set(channelId, further));
    this.#router?.addChannel(linkId, further);
  }

  #removeChannel(linkId: number, channelId: number): void {
    const channels = this.#channels.get(linkId);
    const channel = channels?.get(channelId);
    if (channel === undefined) return;
    channels?.delete(channelId);
    this.#router?.removeChannel(linkId, channel);
    channel.close();
  }

  #addEchoLink({ linkId, profile, seed }: Message<"add-echo-link">): void {
    const link = new EchoChannel({
      profile,
      random: seededRandom(seed),
      now,
      schedule: (task, delayMs) => setTimeout(task, delayMs),
      onDatagram: (bytes) => this.#router?.datagram(linkId, bytes, now()),
    });
    this.#links.set(linkId, link);
    this.#echoes.set(linkId, link);
    this.#router?.addLink(linkId, link, now());
  }

  #removeLink(linkId: number): void {
    for (const remote of [...this.#remotes.values()]) {
      if (remote.linkId === linkId) {
        this.#removeRemoteStream(linkId, remote.ssrc);
      }
    }
    for (const channelId of [...(this.#channels.get(linkId)?.keys() ?? [])]) this.#removeChannel(linkId, channelId);
    this.#channels.delete(linkId);
    this.#router?.removeLink(linkId);
    this.#links.get(linkId)?.close();
    this.#links.delete(linkId);
    this.#echoes.delete(linkId);
  }

  #addLocalStream({ ssrc, preferences, frames, targets }: Message<"add-local-stream">): void {
    this.#removeLocalStream(ssrc);
    const reader = openPacketReader(frames);
    const stopWatching = watchPackets(reader, () => this.#sendFrames(ssrc, reader));
    this.#locals.set(ssrc, { reader, stopWatching, targets });
    this.#router?.addLocalStream(ssrc, preferences, now());
  }

  #sendFrames(ssrc: number, reader: PacketReader): void {
    const at = now();
    for (let length = reader.read(this.#frame); length > 0; length = reader.read(this.#frame)) {
      this.#router?.frame(ssrc, this.#frame, length, at);
    }
  }

  #removeLocalStream(ssrc: number): void {
    const local = this.#locals.get(ssrc);
    if (local === undefined) {
      return;
    }
    this.#router?.removeLocalStream(ssrc);
    this.#locals.delete(ssrc);
    local.stopWatching();
    local.reader.close();
    local.targets.close();
  }

  #addRemoteStream({ linkId, ssrc, slot, datagrams }: Message<"add-remote-stream">): void {
    this.#removeRemoteStream(linkId, ssrc);
    const writer = new TracedPacketWriter(openPacketWriter(datagrams));
    this.#remotes.set(remoteKey(linkId, ssrc), { linkId, ssrc, slot, writer });
    this.#router?.addRemoteStream(linkId, ssrc, writer, now());
  }

  #removeRemoteStream(linkId: number, ssrc: number): void {
    const key = remoteKey(linkId, ssrc);
    const remote = this.#remotes.get(key);
    if (remote === undefined) {
      return;
    }
    this.#router?.removeRemoteStream(linkId, ssrc);
    this.#remotes.delete(key);
    remote.writer.close();
  }

  /** Runs the router's clock, and every half a second tells the main thread how things are. */
  #schedule(): void {
    const router = this.#router;
    if (router === undefined) {
      return;
    }
    this.#timer = setTimeout(
      () => {
        const at = now();
        this.#reportPlayout(router);
        router.tick(at);
        if (at >= this.#statisticsDue && this.#links.size > 0) {
          this.#statisticsDue = at + STATISTICS_INTERVAL_MS;
          const echoes = Array.from(this.#echoes, ([linkId, { counters }]) => ({ linkId, ...counters }));
          this.#post({ type: "statistics", links: router.statistics(at), echoes });
          this.#postTraces();
        }
        this.#schedule();
      },
      Math.max(1, router.nextTimeout() - now()),
    );
  }

  #reportPlayout(router: VoiceRouter): void {
    const playback = this.#playback;
    if (playback === undefined) {
      return;
    }
    for (const { linkId, ssrc, slot } of this.#remotes.values()) {
      const start = streamTelemetryStart(slot);
      if (playback.at(start + STREAM_TELEMETRY.ssrc) === ssrc) {
        router.setPlayoutReport(linkId, ssrc, {
          delayMs: playback.at(start + STREAM_TELEMETRY.currentDelayMs),
          targetMs: playback.at(start + STREAM_TELEMETRY.targetDelayMs),
          concealedMs: samplesToMilliseconds(playback.at(start + STREAM_TELEMETRY.concealedSamples)),
          packetsLate: playback.at(start + STREAM_TELEMETRY.packetsDiscarded),
        });
      }
    }
  }

  #postTraces(): void {
    for (const { linkId, ssrc, writer } of this.#remotes.values()) {
      const entries = writer.takeEntries();
      if (entries.length > 0) {
        this.#post({ type: "trace", linkId, ssrc, entries });
      }
    }
  }

  #close(): void {
    clearTimeout(this.#timer);
    for (const linkId of [...this.#links.keys()]) {
      this.#removeLink(linkId);
    }
    for (const ssrc of [...this.#locals.keys()]) {
      this.#removeLocalStream(ssrc);
    }
    this.#playback?.close();
    this.#playback = undefined;
    this.#router = undefined;
  }
}

/** The clock of arrival times: milliseconds since 1970 that never jump, comparable between our threads. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

function remoteKey(linkId: number, ssrc: number): string {
  return `${linkId}/${ssrc}`;
}
