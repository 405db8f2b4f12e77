import { captureRequest, isSameRequest, resumeContext } from "./audio-context.ts";
import { DecisionLog } from "./decision-log.ts";
import { DeviceList } from "./devices/device-list.ts";
import type { MicrophoneGrant } from "./devices/microphone-source.ts";
import {
  CaptureControls,
  DeviceControls,
  EncoderControls,
  type EngineControlsHost,
  OutputControls,
} from "./engine-controls.ts";
import type { EngineState, VoiceEngineEvents } from "./engine-events.ts";
import { type EngineFoundation, layFoundation } from "./engine-foundation.ts";
import type { VoiceEngineOptions } from "./engine-options.ts";
import type { AddStreamOptions, JoinOptions } from "./engine-requests.ts";
import type { EngineStatistics } from "./engine-snapshot.ts";
import type { LocalStream } from "./local-stream.ts";
import { LocalStreams } from "./local-streams.ts";
import { memberDelays } from "./member-delays.ts";
import { MicrophoneSlot } from "./microphone-slot.ts";
import { NeuralCodec } from "./neural-codec.ts";
import { noteRoomOf } from "./note-room.ts";
import { openTransport } from "./open-transport.ts";
import { Playback } from "./playback.ts";
import { Notes } from "./recording/notes.ts";
import { Room } from "./room.ts";
import { applyPatch, type SettingsPatch } from "./settings/apply-patch.ts";
import { PRESETS, type PresetName } from "./settings/presets.ts";
import type { Settings } from "./settings/settings.ts";
import { SoundCheck } from "./sound-check.ts";
import { streamSettings } from "./stream-settings.ts";
import type { AudioTap } from "./threading/audio-tap.ts";
import type { PlaybackNode } from "./threading/playback-node.ts";
import { TypedEventTarget } from "./typed-event-target.ts";
import { toVoiceError, VoiceError } from "./voice-error.ts";

/**
 * A voice engine: one microphone, any number of further streams, one room, one output. Main thread. Operations that depend on
 * the world outside reject with VoiceError; values that do not exist throw RangeError or TypeError at once.
 */
export class VoiceEngine extends TypedEventTarget<VoiceEngineEvents> {
  /** Processing of the microphone. */
  readonly capture: CaptureControls;
  /** Opus encoder of the microphone. */
  readonly encoder: EncoderControls;
  /** The mix and where it is played. */
  readonly output: OutputControls;
  /** What is plugged in, and what is chosen. */
  readonly devices: DeviceControls;
  /** Ways to hear oneself as the others do. */
  readonly soundCheck: SoundCheck;
  /** What the congestion controllers decided and why. */
  readonly decisions: DecisionLog;
  /** Voice notes: record, keep, play. */
  readonly notes: Notes;
  readonly #foundation: EngineFoundation;
  readonly #deviceList = new DeviceList(globalThis.navigator.mediaDevices);
  readonly #streams: LocalStreams;
  #playback: Playback | undefined;
  #settings: Settings;
  readonly #microphone: MicrophoneSlot;
  #room: Room | undefined;
  #isJoining = false;
  #isMuted = false;
  #isRecording = false;
  #isDeafened = false;
  #state: EngineState = "suspended";
  readonly #neural: NeuralCodec;

  private constructor(foundation: EngineFoundation) {
    super();
    const { options, settings, assets, files, shared, network } = foundation;
    this.#foundation = foundation;
    this.#settings = settings;
    const host: EngineControlsHost = {
      configure: (patch) => this.configure(patch),
      microphone: () => this.microphone,
      playback: () => this.#openPlayback.graph,
    };
    this.capture = new CaptureControls(host);
    this.encoder = new EncoderControls(host);
    this.output = new OutputControls(host);
    this.devices = new DeviceControls(this.#deviceList, host);
    this.soundCheck = new SoundCheck({
      microphone: () => this.microphone,
      network,
      playback: () => this.#openPlayback.node,
      context: () => this.#openPlayback.context,
    });
    this.decisions = new DecisionLog(network);
    this.notes = new Notes({
      files,
      workerUrl: assets.recordingWorker,
      settings: () => this.#settings,
      microphone: () => this.microphone,
      voiceDetector: () => this.#microphone.voiceDetector(),
      openMicrophone: () => this.openMicrophone(),
      closeMicrophone: () => this.closeMicrophone(),
      isInRoom: () => this.room !== undefined,
      room: () => (this.room === undefined ? undefined : noteRoomOf(this.room)),
      isMuted: () => this.#isMuted,
      setMuted: (isMuted) => this.setMuted(isMuted),
      tapOutput: () => this.tapOutput(),
      playoutPosition: () => this.playoutPosition,
      peers: () => [...(this.room?.peers.values() ?? [])],
      announce: (isRecording) => {
        this.#isRecording = isRecording;
        this.#room?.localStreamsChanged();
      },
    });
    const onStateChange = (): void => this.#updateState();
    const graph = { assets, files, shared, engine: options, onStateChange };
    const onChange = (): void => this.#room?.localStreamsChanged();
    this.#streams = new LocalStreams({ graph, network, onChange }, captureRequest(settings));
    this.#neural = new NeuralCodec({ files, network, streams: this.#streams, playback: () => this.#openPlayback });
    this.#microphone = new MicrophoneSlot(
      { devices: this.#deviceList, streams: this.#streams, assets, shared },
      settings,
    );
    this.#microphone.addEventListener("detector-progress", ({ loadedBytes, totalBytes }) =>
      this.emit("voice-detector-progress", { loadedBytes, totalBytes }),
    );
    this.#microphone.addEventListener("changed", ({ microphone }) => {
      this.emit("microphone-changed", { microphone });
      this.#updateState();
    });
    this.#microphone.addEventListener("lost", ({ error }) => this.emit("microphone-lost", { error }));
    this.#microphone.addEventListener("hint", ({ hint }) => this.emit("microphone-hint", { hint }));
    this.#microphone.addEventListener("failed", ({ error }) => this.emit("error", { error }));
    network.addEventListener("failed", ({ error }) => this.emit("error", { error }));
  }

  /**
   * Starts the audio threads and the network worker; neither asks for permission nor contacts a server. Without a user gesture
   * the engine may be `suspended`: call {@link VoiceEngine.resume} in one. Rejects with VoiceError `insecure-context`,
   * `unsupported`, `worklet-failed` or `wasm-failed`; throws RangeError or TypeError on settings that do not exist.
   */
  static async start(options: VoiceEngineOptions = {}): Promise<VoiceEngine> {
    const engine = new VoiceEngine(await layFoundation(options));
    try {
      await engine.#start();
    } catch (error) {
      await engine.close();
      throw error;
    }
    return engine;
  }

  /** The settings in force. Immutable: change them with {@link VoiceEngine.configure}. */
  get settings(): Settings {
    return this.#settings;
  }

  get state(): EngineState {
    return this.#state;
  }

  /** The stream of the open microphone. */
  get microphone(): LocalStream | undefined {
    return this.#microphone.stream;
  }

  /** Device of the open microphone and what the browser does to its signal; undefined while closed or lost. */
  get microphoneGrant(): MicrophoneGrant | undefined {
    return this.#microphone.grant;
  }

  /** Everything that is sent, the microphone included. */
  get streams(): readonly LocalStream[] {
    return this.#streams.all;
  }

  /** The room this engine is in. */
  get room(): Room | undefined {
    return this.#room?.state === "left" ? undefined : this.#room;
  }

  get isMuted(): boolean {
    return this.#isMuted;
  }

  get isDeafened(): boolean {
    return this.#isDeafened;
  }

  /**
   * Changes any part of the settings while everything runs. Throws RangeError or TypeError on values that do not exist, and
   * then changes nothing. A device that cannot be used is told by an `error` event.
   */
  configure(patch: SettingsPatch): void {
    const before = this.#settings;
    const settings = applyPatch(before, patch);
    this.#settings = settings;
    this.#openPlayback.configure(settings);
    this.#inBackground(this.#microphone.configure(settings), "Cannot change the microphone");
    if (settings.network.pins !== before.network.pins) {
      this.#foundation.network.post({ type: "set-pins", pins: settings.network.pins });
    }
    const request = captureRequest(settings);
    if (!isSameRequest(request, captureRequest(before))) {
      this.#inBackground(this.#streams.reopen(request), "Cannot change how the microphone is captured");
    }
    this.emit("settings-changed", { settings });
  }

  /** Applies a preset of the whole chain. Devices, keys, trim and output stay. */
  usePreset(name: PresetName): void {
    this.configure(PRESETS[name]);
  }

  /** Starts audio that the browser has suspended. Call it in a user gesture. Rejects with VoiceError `audio-suspended`. */
  async resume(): Promise<void> {
    await Promise.all([resumeContext(this.#openPlayback.context), this.#streams.resume()]);
    this.#updateState();
  }

  /**
   * Asks for the microphone and sends it. Resolves to the stream that is open already. Rejects with VoiceError
   * `permission-denied`, `no-microphone`, `microphone-busy`, `overconstrained`, `insecure-context` or `unsupported`.
   */
  openMicrophone(): Promise<LocalStream> {
    return this.#microphone.open();
  }

  /** Releases the microphone. Idempotent. */
  closeMicrophone(): void {
    this.#microphone.close();
  }

  /** Sends nothing of the microphone, or sends it again. Further streams are not affected. */
  setMuted(isMuted: boolean): void {
    this.#setMute(isMuted, this.#isDeafened);
  }

  /** Plays nothing and sends nothing of the microphone, or both again. */
  setDeafened(isDeafened: boolean): void {
    this.#openPlayback.setDeafened(isDeafened);
    this.#setMute(this.#isMuted, isDeafened);
  }

  /** Tells the state of the talk key, for push-to-talk, push-to-mute and toggle. */
  setTalkKey(isDown: boolean): void {
    this.microphone?.setTalkKey(isDown);
  }

  /**
   * Sends `track` besides the microphone: tab audio, a file. Unprocessed, as music. The track stays the caller's; close the
   * stream to stop sending. Rejects with VoiceError `worklet-failed` or `wasm-failed`.
   */
  async addStream(track: MediaStreamTrack, { label, encoder = {} }: AddStreamOptions): Promise<LocalStream> {
    if (track.kind !== "audio") {
      throw new TypeError(`Only audio tracks can be sent, not a track of kind "${track.kind}"`);
    }
    const settings = streamSettings(encoder);
    const stream = await this.#streams.create({ label, kind: "audio", settings, isMuted: false });
    stream.setTrack(track);
    return stream;
  }

  /**
   * Enters a room, with the microphone if it is open. Rejects with VoiceError `signalling-unreachable`, `wrong-secret`,
   * `room-full`, `version-mismatch` or `peer-unreachable`; throws TypeError while in another room.
   */
  async join(roomName: string, options: JoinOptions): Promise<Room> {
    if (this.#isJoining || this.room !== undefined) {
      throw new TypeError("Leave the room before joining another one");
    }
    this.#isJoining = true;
    try {
      if (options.listenOnly === true) {
        this.closeMicrophone();
      }
      const host = {
        transport: await openTransport(this.#foundation.options, this.#settings.network),
        network: this.#foundation.network,
        playback: () => this.#openPlayback.node,
        streams: () => this.streams,
        isMuted: () => this.#isMuted || this.#isDeafened,
        isRecording: () => this.#isRecording,
        delays: () =>
          this.#state === "closed" ? undefined : memberDelays(this.microphone?.stats(), this.#openPlayback.stats()),
      };
      const { secret, name: displayName, onWaiting, signal } = options;
      this.#room = await Room.join(host, { roomName, secret, displayName, onWaiting, signal });
      this.notes.follow(noteRoomOf(this.#room));
      this.#neural.loadSoon();
      return this.#room;
    } finally {
      this.#isJoining = false;
    }
  }

  /**
   * The playout clock: samples at 48 kHz that were played here, good to a few milliseconds. Taps of the output and of remote
   * streams carry its positions.
   */
  get playoutPosition(): number {
    return this.#openPlayback.graph.position;
  }

  /** A copy of everything that is heard here, 48 kHz, for recording. */
  tapOutput(): AudioTap {
    return this.#openPlayback.node.tap(undefined);
  }

  /**
   * Loads the neural codec, for deep concealment and DRED, and swaps it in while audio runs. A call does so by itself after a
   * few seconds, unless the user saves data. Resolves when it is in use.
   * Rejects with VoiceError `wasm-failed`; everything then goes on without it.
   */
  loadNeural(): Promise<void> {
    return this.#neural.load();
  }

  /** Everything measured, in W3C webrtc-stats names and units where they exist. */
  statistics(): EngineStatistics {
    const { network, shared } = this.#foundation;
    const output = this.#openPlayback.stats();
    return {
      voicePath: network.voicePath,
      isCrossOriginIsolated: globalThis.crossOriginIsolated,
      usesSharedMemory: shared,
      usesNeuralCodec: this.#neural.isInUse,
      output,
      delays: memberDelays(this.microphone?.stats(), output),
      localStreams: this.#streams.stats(),
      peers: [...(this.room?.peers.values() ?? [])].map((peer) => peer.stats()),
    };
  }

  /** Leaves the room and releases every device, thread and connection. Idempotent. */
  async close(): Promise<void> {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#deviceList.close();
    this.#neural.close();
    this.soundCheck.stopEcho();
    await this.notes.close();
    await this.#room?.leave();
    this.#microphone.end();
    await this.#streams.close();
    await this.#playback?.close();
    this.#foundation.network.close();
    this.emit("state-changed", { state: "closed" });
  }

  async #start(): Promise<void> {
    const { options, settings, assets, files, shared, network } = this.#foundation;
    await this.#deviceList.refresh();
    this.#playback = await Playback.start({
      graph: { assets, files, shared, engine: options, onStateChange: () => this.#updateState() },
      network,
      devices: this.#deviceList,
      settings,
      onMoved: (node) => this.#moveRemoteStreams(node),
      onError: (error) => this.emit("error", { error }),
    });
    this.#updateState();
  }

  get #openPlayback(): Playback {
    if (this.#playback === undefined || this.#state === "closed") {
      throw new VoiceError("closed", "Cannot use the engine: it is closed");
    }
    return this.#playback;
  }

  #moveRemoteStreams(node: PlaybackNode): void {
    this.soundCheck.moveTo(node);
    for (const { streams } of this.room?.peers.values() ?? []) {
      for (const stream of streams) stream.moveTo(node);
    }
  }

  #setMute(isMuted: boolean, isDeafened: boolean): void {
    if (isMuted === this.#isMuted && isDeafened === this.#isDeafened) {
      return;
    }
    this.#isMuted = isMuted;
    this.#isDeafened = isDeafened;
    this.#microphone.setMuted(isMuted || isDeafened);
    this.#room?.localStreamsChanged();
    this.emit("mute-changed", { isMuted, isDeafened });
  }

  #inBackground(task: Promise<unknown>, attempt: string): void {
    task.catch((error: unknown) => this.emit("error", { error: toVoiceError(error, "unsupported", attempt) }));
  }

  #updateState(): void {
    if (this.#state === "closed" || this.#playback === undefined) return;
    const contexts = [this.#playback.context, this.#streams.context];
    const state = contexts.some((context) => context !== undefined && context.state !== "running")
      ? "suspended"
      : "running";
    if (state !== this.#state) {
      this.#state = state;
      this.emit("state-changed", { state });
    }
  }
}
