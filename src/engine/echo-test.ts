import type { ArrivalTrace } from "./arrival-trace.ts";
import type { ReceiveStreamStatistics } from "./engine-statistics.ts";
import type { LocalStream } from "./local-stream.ts";
import { DEFAULT_STREAM_MIX } from "./playout/stream-mix.ts";
import { RemoteStream } from "./remote-stream.ts";
import type { AudioTap } from "./threading/audio-tap.ts";
import type { NetworkThread } from "./threading/network-thread.ts";
import { nextLinkId } from "./threading/next-link-id.ts";
import type { PlaybackNode } from "./threading/playback-node.ts";

/** What an echo test is made of. */
export type EchoTestOptions = {
  readonly network: NetworkThread;
  readonly playback: () => PlaybackNode;
  readonly stream: LocalStream;
  /** Delay of the way there and back, ms. */
  readonly delayMs: number;
  readonly onStop: () => void;
};

/**
 * Plays a local stream back as a peer would hear it: through encoder, packets, a network that leads back here, jitter buffer
 * and decoder.
 */
export class EchoTest {
  readonly #network: NetworkThread;
  readonly #linkId = nextLinkId();
  readonly #remote: RemoteStream;
  readonly #onStop: () => void;
  readonly #lifetime = new AbortController();

  /** Starts at once. Throws VoiceError `room-full` when 32 streams play already. Ends by itself when the stream closes. */
  constructor({ network, playback, stream, delayMs, onStop }: EchoTestOptions) {
    this.#network = network;
    this.#onStop = onStop;
    network.post({ type: "add-echo-link", linkId: this.#linkId, delayMs });
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
    stream.addEventListener("closed", () => this.stop(), { signal: this.#lifetime.signal });
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
    this.#onStop();
  }
}
