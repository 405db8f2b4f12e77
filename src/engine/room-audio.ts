import type { Peer } from "./peer.ts";
import { RemoteStream } from "./remote-stream.ts";
import type { RoomHost } from "./room-options.ts";
import type { VoicePathReport } from "./session/core/bulk-pacer.ts";
import type { StreamDescription } from "./session/core/control-message.ts";
import { nextLinkId } from "./threading/next-link-id.ts";
import type { PlaybackNode } from "./threading/playback-node.ts";
import type { LinkStatistics } from "./transport/link-statistics.ts";
import type { SideConnection } from "./transport/side-connection.ts";
import type { PeerLink } from "./transport/transport.ts";
import { VoiceError } from "./voice-error.ts";

/** How voice fares on the way to a peer. */
export type VoiceReport = {
  /** What files that share the way have to know. */
  readonly path: VoicePathReport;
  /** How long ago the peer was last heard, ms; undefined before the first time. */
  readonly silenceMs: number | undefined;
  /** Connections that voice should be spread over. */
  readonly connections: number;
};

/** The voice channels of a room's members, and their streams on the playback node in use. */
export class RoomAudio {
  readonly #host: Pick<RoomHost, "network" | "playback">;
  readonly #peers = new Map<Peer, number>();
  readonly #closing = new AbortController();

  /** `report` is told twice a second how voice fares on the way to each peer. */
  constructor(host: Pick<RoomHost, "network" | "playback">, report: (peer: Peer, voice: VoiceReport) => void) {
    this.#host = host;
    host.network.addEventListener(
      "statistics",
      ({ links }) => {
        for (const [peer, linkId] of this.#peers) {
          const link = links.find((candidate) => candidate.linkId === linkId);
          if (link !== undefined) {
            report(peer, {
              path: voicePathOf(link, peer.stats().link),
              silenceMs: link.silenceMs,
              connections: Math.max(1, ...link.outgoing.map(({ target }) => target.connections)),
            });
            peer.setLinkStatistics(link);
          }
        }
      },
      { signal: this.#closing.signal },
    );
  }

  /**
   * Opens the voice channel of a proved link, hands it to the network thread and plays the streams of the peer, in place of
   * those over an earlier link. To be called in the task in which the link was proved. `refuse` is told which streams
   * cannot be played.
   */
  connect(
    peer: Peer,
    link: PeerLink,
    streams: readonly StreamDescription[],
    refuse: (ssrc: number, reason: string) => void,
  ): void {
    const { network } = this.#host;
    const before = this.#peers.get(peer);
    const linkId = nextLinkId();
    network.addLink(linkId, link.createVoiceChannel(), before);
    this.#peers.set(peer, linkId);
    for (const { ssrc } of peer.streams) {
      if (!streams.some((stream) => stream.ssrc === ssrc)) {
        peer.removeStream(ssrc);
      }
    }
    for (const stream of streams) {
      this.addStream(peer, stream, refuse);
    }
    if (before !== undefined) {
      network.post({ type: "remove-link", linkId: before });
    }
  }

  /** Spreads the voice of a connected peer over one more connection, in the task that made it. */
  addConnection(peer: Peer, connection: SideConnection): void {
    const { network } = this.#host;
    const linkId = this.#peers.get(peer);
    if (linkId === undefined) return;
    const channelId = nextLinkId();
    network.addChannel(linkId, channelId, connection.channel);
    const { closed: signal } = connection;
    signal.addEventListener("abort", () => network.post({ type: "remove-channel", linkId, channelId }));
    // The connection may not notice for long that nobody is at its other end.
    network.addEventListener("channel-closed", (event) => event.channelId === channelId && connection.close(), {
      signal,
    });
  }

  /** Plays a stream that a connected peer has announced. */
  addStream(peer: Peer, stream: StreamDescription, refuse: (ssrc: number, reason: string) => void): void {
    const { network, playback } = this.#host;
    const linkId = this.#peers.get(peer);
    if (linkId === undefined) {
      return;
    }
    const { ssrc, label, kind, channels } = stream;
    try {
      peer.removeStream(ssrc);
      peer.addStream(
        new RemoteStream({ playback: playback(), network, linkId, ssrc, label, kind, channels, mix: peer.mix }),
      );
    } catch (error) {
      if (!(error instanceof VoiceError)) {
        throw error;
      }
      refuse(ssrc, error.code);
    }
  }

  /** Stops playing a peer and closes its voice channel. */
  disconnect(peer: Peer): void {
    for (const { ssrc } of peer.streams) {
      peer.removeStream(ssrc);
    }
    const linkId = this.#peers.get(peer);
    this.#peers.delete(peer);
    if (linkId !== undefined) {
      this.#host.network.post({ type: "remove-link", linkId });
    }
  }

  /** Stops playing everybody and closes their voice channels. */
  close(): void {
    this.#closing.abort();
    for (const peer of [...this.#peers.keys()]) {
      this.disconnect(peer);
    }
  }

  /** Goes on on another playback node. */
  moveTo(node: PlaybackNode): void {
    for (const peer of this.#peers.keys()) {
      for (const stream of peer.streams) {
        stream.moveTo(node);
      }
    }
  }
}

/** What two measurements of a link, half a second apart, say about the way that files share with voice. */
function voicePathOf(now: LinkStatistics, before: LinkStatistics | undefined): VoicePathReport {
  return {
    isVoiceFlowing: packetsOf(now) > (before === undefined ? 0 : packetsOf(before)),
    queueDelayMs: Math.max(0, ...now.outgoing.map(({ queueDelayMs }) => queueDelayMs)),
    keptBack: before === undefined ? 0 : Math.max(0, keptBackOf(now) - keptBackOf(before)),
  };
}

function keptBackOf(link: LinkStatistics): number {
  return link.outgoing.reduce((sum, { gateDrops }) => sum + gateDrops.backlog + gateDrops.stale, 0);
}

function packetsOf(link: LinkStatistics): number {
  const sent = link.outgoing.reduce((sum, { packetsSent }) => sum + packetsSent, 0);
  return sent + link.incoming.reduce((sum, { packetsReceived }) => sum + packetsReceived, 0);
}
