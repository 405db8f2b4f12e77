import type { ReceiveStreamStatistics } from "./engine-statistics.ts";
import { type StreamLevels, silentStreamLevels } from "./levels.ts";
import { SILENCE_DB } from "./media/decibels.ts";
import type { MemberDelays } from "./member-delays.ts";
import { DEFAULT_STREAM_MIX, type StreamMix } from "./playout/stream-mix.ts";
import type { RemoteStream } from "./remote-stream.ts";
import type { LinkStatistics } from "./transport/link-statistics.ts";
import { TypedEventTarget } from "./typed-event-target.ts";

/** How the connection to a peer stands. `reconnecting` may recover by itself. */
export type PeerConnectionState = "connecting" | "connected" | "reconnecting" | "closed";

/** Events of a peer. */
export type PeerEvents = {
  /** Name, mute, connection, mix or streams are different now. */
  readonly changed: object;
};

/** Everything measured about a peer. */
export type PeerStatistics = {
  readonly id: string;
  readonly connectionState: PeerConnectionState;
  /** Streams from the peer, as received and played here. */
  readonly streams: readonly ReceiveStreamStatistics[];
  /** The voice channel in both directions; undefined before the first measurement. */
  readonly link: LinkStatistics | undefined;
  /** What their machine adds to a voice, as they say; undefined before they have told. */
  readonly delays: MemberDelays | undefined;
  /** Mean round-trip time of the voice channel, ms; undefined before the first report. */
  readonly roundTripTimeMs: number | undefined;
};

/** RMS level above which a peer counts as speaking, dBFS. 20 dB under the level the leveler aims at. */
const SPEAKING_DB = -45;

/** Somebody else in the room: who they are, how they are heard, how their connection is. */
export class Peer extends TypedEventTarget<PeerEvents> {
  /** Their transport id, unique in the room. */
  readonly id: string;
  readonly #streams = new Map<number, RemoteStream>();
  readonly #levels = silentStreamLevels();
  #name: string;
  #identity = "";
  #sas = "";
  #isHost = false;
  #isMuted = false;
  #isRecording = false;
  #delays: MemberDelays | undefined;
  #connectionState: PeerConnectionState = "connecting";
  #mix: StreamMix = DEFAULT_STREAM_MIX;
  #link: LinkStatistics | undefined;

  /** Made by the room. */
  constructor(id: string, name: string) {
    super();
    this.id = id;
    this.#name = name;
  }

  /** As they call themselves: untrusted text. */
  get name(): string {
    return this.#name;
  }

  /** Stays the same when their page is loaded again; they could choose another one at any time. */
  get identity(): string {
    return this.#identity;
  }

  /**
   * Six digits that are the same on both sides exactly when nobody sits in between: read them to each other. Empty until
   * the connection is proved.
   */
  get sas(): string {
    return this.#sas;
  }

  /** Whether they decide about newcomers. */
  get isHost(): boolean {
    return this.#isHost;
  }

  /** Whether they say their microphone is muted. */
  get isMuted(): boolean {
    return this.#isMuted;
  }

  /** Whether they say that they record the call. */
  get isRecording(): boolean {
    return this.#isRecording;
  }

  /** Whether they can be heard to speak right now. */
  get isSpeaking(): boolean {
    return !this.#isMuted && this.levels(this.#levels).rmsDb > SPEAKING_DB;
  }

  get connectionState(): PeerConnectionState {
    return this.#connectionState;
  }

  get streams(): readonly RemoteStream[] {
    return [...this.#streams.values()];
  }

  /** How loud they are heard here, −∞…+12 dB. Throws RangeError outside. */
  get gainDb(): number {
    return this.#mix.gainDb;
  }

  set gainDb(gainDb: number) {
    if (!(gainDb <= 12)) {
      throw new RangeError(`A peer's gain is at most 12 dB, not ${gainDb}`);
    }
    this.#remix({ ...this.#mix, gainDb });
  }

  /** Where they are heard, −1 left … 1 right. Throws RangeError outside. */
  get pan(): number {
    return this.#mix.pan;
  }

  set pan(pan: number) {
    if (!(pan >= -1 && pan <= 1)) {
      throw new RangeError(`A pan lies between -1 and 1, not at ${pan}`);
    }
    this.#remix({ ...this.#mix, pan });
  }

  /** Whether they are silenced here. They do not notice. */
  get muted(): boolean {
    return this.#mix.muted;
  }

  set muted(muted: boolean) {
    this.#remix({ ...this.#mix, muted });
  }

  /** Whether they are among the only ones heard here. */
  get solo(): boolean {
    return this.#mix.solo;
  }

  set solo(solo: boolean) {
    this.#remix({ ...this.#mix, solo });
  }

  /** Whether their loudness is brought to that of the others. */
  get autoLevel(): boolean {
    return this.#mix.autoLevel;
  }

  set autoLevel(autoLevel: boolean) {
    this.#remix({ ...this.#mix, autoLevel });
  }

  /** Fills `into` with the level of their loudest stream, and returns it. Does not allocate when `into` is given. */
  levels(into: StreamLevels = silentStreamLevels()): StreamLevels {
    let peakDb = SILENCE_DB;
    let rmsDb = SILENCE_DB;
    for (const stream of this.#streams.values()) {
      stream.levels(into);
      peakDb = Math.max(peakDb, into.peakDb);
      rmsDb = Math.max(rmsDb, into.rmsDb);
    }
    into.peakDb = peakDb;
    into.rmsDb = rmsDb;
    return into;
  }

  stats(): PeerStatistics {
    const roundTripTimes = (this.#link?.outgoing ?? []).flatMap(({ roundTripTimeMs }) => roundTripTimeMs ?? []);
    const sum = roundTripTimes.reduce((total, time) => total + time, 0);
    return {
      id: this.id,
      connectionState: this.#connectionState,
      streams: this.streams.flatMap((stream) => stream.stats() ?? []),
      link: this.#link,
      delays: this.#delays,
      roundTripTimeMs: roundTripTimes.length === 0 ? undefined : sum / roundTripTimes.length,
    };
  }

  /** The room's news about the peer. */
  update(news: {
    readonly name?: string;
    readonly identity?: string;
    readonly sas?: string;
    readonly isHost?: boolean;
    readonly isMuted?: boolean;
    readonly isRecording?: boolean;
    readonly delays?: MemberDelays;
    readonly connectionState?: PeerConnectionState;
  }): void {
    this.#name = news.name ?? this.#name;
    this.#identity = news.identity ?? this.#identity;
    this.#sas = news.sas ?? this.#sas;
    this.#isHost = news.isHost ?? this.#isHost;
    this.#isMuted = news.isMuted ?? this.#isMuted;
    this.#isRecording = news.isRecording ?? this.#isRecording;
    this.#delays = news.delays ?? this.#delays;
    this.#connectionState = news.connectionState ?? this.#connectionState;
    this.emit("changed", {});
  }

  /** The room's measurement of the voice channel. */
  setLinkStatistics(link: LinkStatistics): void {
    this.#link = link;
  }

  /** How this peer's streams are mixed. */
  get mix(): StreamMix {
    return this.#mix;
  }

  /** Mixes their streams in another way, as remembered from before. */
  setMix(mix: StreamMix): void {
    this.#remix(mix);
  }

  /** The room gives the peer a stream it has started to play. */
  addStream(stream: RemoteStream): void {
    this.#streams.get(stream.ssrc)?.close();
    this.#streams.set(stream.ssrc, stream);
    this.emit("changed", {});
  }

  /** The room takes a stream away and stops it. */
  removeStream(ssrc: number): void {
    this.#streams.get(ssrc)?.close();
    this.#streams.delete(ssrc);
    this.emit("changed", {});
  }

  #remix(mix: StreamMix): void {
    this.#mix = mix;
    for (const stream of this.#streams.values()) {
      stream.setMix(mix);
    }
    this.emit("changed", {});
  }
}
