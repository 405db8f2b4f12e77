import { type AudioClip, playClip, recordClip } from "./audio-clip.ts";
import { EchoTest } from "./echo-test.ts";
import type { LocalStream } from "./local-stream.ts";
import { checkImpairmentProfile } from "./measurement/check-impairment-profile.ts";
import { CLEAN_PROFILE, type ImpairmentProfile } from "./measurement/impairment.ts";
import type { NetworkPins } from "./settings/network-settings.ts";
import type { NetworkThread } from "./threading/network-thread.ts";
import type { PlaybackNode } from "./threading/playback-node.ts";
import { VoiceError } from "./voice-error.ts";

/** Length of a comparison's recording unless told otherwise, seconds. */
const COMPARISON_SECONDS = 3;
/** Longest recording, seconds. */
const MAX_SECONDS = 60;

/** What the sound check needs of the engine. */
export type SoundCheckHost = {
  readonly microphone: () => LocalStream | undefined;
  readonly network: NetworkThread;
  readonly playback: () => PlaybackNode;
  readonly context: () => AudioContext;
};

/** The same seconds of the microphone, before and after all processing. */
export type SoundCheckRecording = { readonly raw: AudioClip; readonly processed: AudioClip };

/** How to record for comparison. */
export type SoundCheckOptions = {
  /** 0.1…60 s. Default 3. */
  readonly seconds?: number;
  /** Ends the recording early. */
  readonly signal?: AbortSignal;
};

/** How to hear oneself over a network. */
export type EchoOptions = {
  /** Delay of an otherwise perfect network, 0…5000 ms. Default 0. */
  readonly delayMs?: number;
  /** A network with faults instead: one of `NETWORK_PROFILES`, or your own. Each direction alike. */
  readonly profile?: ImpairmentProfile;
  /** Seed of the faults: the same seed loses the same packets. Default 1. */
  readonly seed?: number;
  /**
   * What the congestion controllers may not change about the stream while the test runs. Its encoder serves the room too: in a
   * call the others get what the test asks for.
   */
  readonly pins?: NetworkPins;
  /** Default: the microphone. */
  readonly stream?: LocalStream;
};

/** `engine.soundCheck`: ways to hear oneself as the others do. The microphone has to be open. */
export class SoundCheck {
  readonly #host: SoundCheckHost;
  readonly #echoes = new Set<EchoTest>();
  #echo: EchoTest | undefined;
  #monitored: LocalStream | undefined;

  constructor(host: SoundCheckHost) {
    this.#host = host;
  }

  /** Whether the processed microphone is on the speakers. */
  get isMonitoring(): boolean {
    return this.#monitored !== undefined && this.#monitored === this.#host.microphone();
  }

  /** The running echo test of the microphone. */
  get echo(): EchoTest | undefined {
    return this.#echo?.isStopped === false ? this.#echo : undefined;
  }

  /**
   * Puts the processed microphone on the speakers, with the least delay. For headphones: loudspeakers would howl. Throws
   * VoiceError `no-microphone` while the microphone is closed.
   */
  setMonitoring(isOn: boolean): void {
    this.#monitored?.setMonitored(false);
    this.#monitored = undefined;
    if (isOn) {
      this.#monitored = this.#openMicrophone("listen to the microphone");
      this.#monitored.setMonitored(true);
    }
  }

  /**
   * Records the microphone before and after processing at the same time. Rejects with VoiceError `no-microphone` while it is
   * closed; throws RangeError for a length that is not 0.1…60 s.
   */
  async record({ seconds = COMPARISON_SECONDS, signal }: SoundCheckOptions = {}): Promise<SoundCheckRecording> {
    if (!(seconds >= 0.1 && seconds <= MAX_SECONDS)) {
      throw new RangeError(`A sound check records 0.1 to ${MAX_SECONDS} s, not ${seconds}`);
    }
    const microphone = this.#openMicrophone("record the microphone");
    const before = microphone.tap("input");
    const after = microphone.tap("output");
    if (before === undefined || after === undefined) {
      throw new VoiceError("no-microphone", "Cannot record the microphone: it is starting. Try again");
    }
    const end = new AbortController();
    const abort = (): void => end.abort();
    signal?.addEventListener("abort", abort);
    microphone.addEventListener("closed", abort, { signal: end.signal });
    try {
      const [raw, processed] = await Promise.all([
        recordClip(before, seconds, end.signal),
        recordClip(after, seconds, end.signal),
      ]);
      return { raw, processed };
    } finally {
      signal?.removeEventListener("abort", abort);
      end.abort();
    }
  }

  /** Plays a recorded clip on the output. Resolves at its end. */
  play(clip: AudioClip, signal?: AbortSignal): Promise<void> {
    return playClip(this.#host.context(), clip, signal);
  }

  /**
   * Plays the microphone, or the stream given, as a peer would hear it: through encoder, packets, a network that leads back
   * here, jitter buffer and decoder. The microphone has one test at a time, streams any number. Throws VoiceError
   * `no-microphone` while the microphone is closed, `room-full` when 32 streams play; RangeError for values that cannot be.
   */
  startEcho(options: EchoOptions = {}): EchoTest {
    const { delayMs = 0, seed = 1, pins } = options;
    if (!(delayMs >= 0 && delayMs <= 5_000)) {
      throw new RangeError(`An echo comes after 0 to 5000 ms, not ${delayMs}`);
    }
    const profile = options.profile ?? { ...CLEAN_PROFILE, delayMs };
    checkImpairmentProfile(profile);
    const stream = options.stream ?? this.#openMicrophone("test the microphone");
    const { network, playback } = this.#host;
    if (options.stream === undefined) {
      this.#echo?.stop();
    }
    const onStop = (): void => {
      this.#echoes.delete(echo);
    };
    const echo = new EchoTest({ network, playback, stream, profile, seed, pins, onStop });
    this.#echoes.add(echo);
    if (options.stream === undefined) {
      this.#echo = echo;
    }
    return echo;
  }

  /** Ends all echo tests. Idempotent. */
  stopEcho(): void {
    for (const echo of [...this.#echoes]) {
      echo.stop();
    }
    this.#echo = undefined;
  }

  /** Goes on playing on another node. Used by the engine after a processor failed. */
  moveTo(playback: PlaybackNode): void {
    for (const echo of this.#echoes) {
      echo.moveTo(playback);
    }
  }

  #openMicrophone(attempt: string): LocalStream {
    const microphone = this.#host.microphone();
    if (microphone === undefined) {
      throw new VoiceError("no-microphone", `Cannot ${attempt}: it is closed. Open it first`);
    }
    return microphone;
  }
}
