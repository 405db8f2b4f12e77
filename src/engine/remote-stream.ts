import { ArrivalTrace, type ArrivalTraceOptions } from "./arrival-trace.ts";
import { type ReceiveStreamStatistics, readStreamStatistics } from "./engine-statistics.ts";
import { readStreamLevels, type StreamLevels, silentStreamLevels } from "./levels.ts";
import type { StreamMix } from "./playout/stream-mix.ts";
import { pipeTransfer } from "./shared-memory/create-packet-pipe.ts";
import type { AudioTap } from "./threading/audio-tap.ts";
import type { NetworkThread } from "./threading/network-thread.ts";
import type { PlaybackNode } from "./threading/playback-node.ts";

/** What a remote stream is made of. */
export type RemoteStreamOptions = {
  readonly playback: PlaybackNode;
  readonly network: NetworkThread;
  readonly linkId: number;
  readonly ssrc: number;
  readonly label: string;
  readonly kind: string;
  readonly channels: 1 | 2;
  readonly mix: StreamMix;
};

/** One stream of audio from a peer, as it is heard here. */
export class RemoteStream {
  readonly ssrc: number;
  /** As the sender named it: untrusted text. */
  readonly label: string;
  /** As the sender says: `"microphone"` or `"audio"`. */
  readonly kind: string;
  readonly #options: RemoteStreamOptions;
  #playback: PlaybackNode;
  #slot: number | undefined;
  #mix: StreamMix;

  /** Starts to play. Throws VoiceError `room-full` when no slot is free. */
  constructor(options: RemoteStreamOptions) {
    this.#options = options;
    this.ssrc = options.ssrc;
    this.label = options.label;
    this.kind = options.kind;
    this.#playback = options.playback;
    this.#mix = options.mix;
    this.#start();
  }

  /** Changes gain, pan, mute, solo or automatic level. Without a click. */
  setMix(mix: StreamMix): void {
    this.#mix = mix;
    if (this.#slot !== undefined) {
      this.#playback.configureStream(this.#slot, mix);
    }
  }

  /** Fills `into` with the level behind the gain, and returns it. Does not allocate when `into` is given. */
  levels(into: StreamLevels = silentStreamLevels()): StreamLevels {
    return this.#slot === undefined ? into : readStreamLevels(this.#playback.telemetry, this.#slot, into);
  }

  stats(): ReceiveStreamStatistics | undefined {
    return this.#slot === undefined ? undefined : readStreamStatistics(this.#playback.telemetry, this.#slot);
  }

  /** A copy of the decoded 48 kHz audio, for recording. */
  tap(): AudioTap | undefined {
    return this.#slot === undefined ? undefined : this.#playback.tap(this.#slot);
  }

  /** Records from now on when its packets arrive. Stop it to get the trace. */
  traceArrivals(options: ArrivalTraceOptions = {}): ArrivalTrace {
    const { network, linkId } = this.#options;
    return new ArrivalTrace(network, { linkId, ssrc: this.ssrc }, options);
  }

  /** Goes on playing on another node. Used by the engine after a processor failed. */
  moveTo(playback: PlaybackNode): void {
    this.#playback = playback;
    this.#start();
  }

  /** Stops playing. Idempotent. */
  close(): void {
    if (this.#slot === undefined) {
      return;
    }
    const { network, linkId } = this.#options;
    network.post({ type: "remove-remote-stream", linkId, ssrc: this.ssrc });
    this.#playback.removeStream(this.#slot);
    this.#slot = undefined;
  }

  #start(): void {
    const { network, linkId, channels } = this.#options;
    const { slot, datagrams } = this.#playback.addStream({ ssrc: this.ssrc, channels, mix: this.#mix });
    this.#slot = slot;
    network.post({ type: "add-remote-stream", linkId, ssrc: this.ssrc, slot, datagrams }, pipeTransfer(datagrams));
  }
}
