import type { ArrivalTrace } from "./arrival-trace.ts";
import type { ReceiveStreamStatistics } from "./engine-statistics.ts";
import type { LocalStream } from "./local-stream.ts";
import { checkImpairmentProfile } from "./measurement/check-impairment-profile.ts";
import type { ImpairmentProfile } from "./measurement/impairment.ts";
import { DEFAULT_STREAM_MIX } from "./playout/stream-mix.ts";
import { RemoteStream } from "./remote-stream.ts";
import type { NetworkPins } from "./settings/network-settings.ts";
import type { AudioTap } from "./threading/audio-tap.ts";
import type { EchoPathCounters } from "./threading/echo-channel.ts";
import type { NetworkThread } from "./threading/network-thread.ts";
import { nextLinkId } from "./threading/next-link-id.ts";
import type { PlaybackNode } from "./threading/playback-node.ts";
import type { LinkStatistics } from "./transport/link-statistics.ts";

/** What an echo test is made of. */
export type EchoTestOptions = {
  readonly network: NetworkThread;
  readonly playback: () => PlaybackNode;
  readonly stream: LocalStream;
  /** What the network does to voice on the way there, and to feedback on the way back. */
  readonly profile: ImpairmentProfile;
  /** Seed of what is random about it. */
  readonly seed: number;
  /** What the congestion controllers may not change while the test runs; undefined for what the settings say. */
  readonly pins: NetworkPins | undefined;
  readonly onStop: () => void;
};

/**
 * Plays a local stream back as a peer would hear it: through encoder, packets, a network that leads back here, jitter buffer
 * and decoder. The network can be as bad as wished.
 */
export class EchoTest {
  readonly #network: NetworkThread;
  readonly #stream: LocalStream;
  readonly #linkId = nextLinkId();
  readonly #remote: RemoteStream;
  readonly #onStop: () => void;
  readonly #lifetime = new AbortController();
  #profile: ImpairmentProfile;
  #link: LinkStatistics | undefined;
  #path: EchoPathCounters | undefined;

  /** Starts at once. Throws VoiceError `room-full` when 32 streams play already. Ends by itself when the stream closes. */
  constructor({ network, playback, stream, profile, seed, pins, onStop }: EchoTestOptions) {
    this.#network = network;
    this.#stream = stream;
    this.#profile = profile;
    this.#onStop = onStop;
    if (pins !== undefined) this.setPins(pins);
    network.post({ type: "add-echo-link", linkId: this.#linkId, profile, seed });
    this.#remote = new RemoteStream({
      playback: playback(),
      network,
      linkId: this.#linkId,
      ssrc: stream.ssrc,
      label: stream.label,
      kind: stream.kind,
      channels: stream.settings.encoder.stereo ? 2 : 1,
      mix: DEFAULT_STREAM_MIX,
    });
    const { signal } = this.#lifetime;
    stream.addEventListener("closed", () => this.stop(), { signal });
    network.addEventListener(
      "statistics",
      ({ links, echoes }) => {
        this.#link = links.find(({ linkId }) => linkId === this.#linkId);
        this.#path = echoes.find(({ linkId }) => linkId === this.#linkId);
      },
      { signal },
    );
  }

  /** Which link its decisions carry in `engine.decisions`. */
  get linkId(): number {
    return this.#linkId;
  }

  /** The network between here and here. */
  get profile(): ImpairmentProfile {
    return this.#profile;
  }

  /** Changes the network while it runs. Throws RangeError for a path that cannot be. */
  setProfile(profile: ImpairmentProfile): void {
    checkImpairmentProfile(profile);
    this.#profile = profile;
    this.#network.post({ type: "set-echo-profile", linkId: this.#linkId, profile });
  }

  /** Fixes what the congestion controllers may change about the stream until the end; null gives everything back to the settings. */
  setPins(pins: NetworkPins | null): void {
    this.#network.post({ type: "set-stream-pins", ssrc: this.#stream.ssrc, pins });
  }

  /** Both directions as sender and receiver count them, twice a second; undefined before the first and after the end. */
  linkStats(): LinkStatistics | undefined {
    return this.isStopped ? undefined : this.#link;
  }

  /** What the network did to voice, twice a second; undefined before the first and after the end. */
  pathStats(): EchoPathCounters | undefined {
    return this.isStopped ? undefined : this.#path;
  }

  /** Whether it has been stopped. */
  get isStopped(): boolean {
    return this.#lifetime.signal.aborted;
  }

  /** How the stream is received here; undefined after the end. */
  stats(): ReceiveStreamStatistics | undefined {
    return this.#remote.stats();
  }

  /** Notes when every packet arrives from now on. */
  traceArrivals(): ArrivalTrace {
    return this.#remote.traceArrivals();
  }

  /** A copy of what comes back, 48 kHz. */
  tap(): AudioTap | undefined {
    return this.#remote.tap();
  }

  /** Goes on playing on another node. Used by the engine after a processor failed. */
  moveTo(playback: PlaybackNode): void {
    if (!this.isStopped) {
      this.#remote.moveTo(playback);
    }
  }

  /** Ends the test. Idempotent. */
  stop(): void {
    if (this.isStopped) {
      return;
    }
    this.#lifetime.abort();
    this.#remote.close();
    this.#network.post({ type: "remove-link", linkId: this.#linkId });
    this.setPins(null);
    this.#onStop();
  }
}
