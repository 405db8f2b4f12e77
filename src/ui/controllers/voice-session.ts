import {
  type MicrophoneHint,
  type Peer,
  type Room,
  TypedEventTarget,
  toVoiceError,
  VoiceEngine,
  type VoiceEngineOptions,
  type VoiceError,
  type VoiceErrorCode,
} from "../../engine/index.ts";
import type { ErrorAction } from "../parts/error-advice.ts";
import type { Route } from "../shell/route.ts";
import { publishEngine } from "./antiphon-global.ts";
import { ChatLog } from "./chat-log.ts";
import { followEngine } from "./engine-events.ts";
import { FigureHistory } from "./figure-history.ts";
import { LevelSources } from "./level-sources.ts";
import { NARROW } from "./media-query-controller.ts";
import { isMicrophoneAllowed } from "./microphone-permission.ts";
import { preferences } from "./preferences.ts";
import { type EmbeddedRoom, RoomAddress } from "./room-address.ts";
import { followRoom } from "./room-events.ts";
import { suggestRoomName } from "./room-names.ts";
import { settingsStore } from "./settings-store.ts";
import { SharedAudioList } from "./shared-audio-list.ts";
import { StayAwake } from "./stay-awake.ts";
import { TalkControl } from "./talk-control.ts";

/** Where the page is in the life of a call. `waiting`: the host has to let this member in. */
export type SessionPhase = "lobby" | "joining" | "waiting" | "in-room";

/** The microphone as the page sees it; `lost` when the device went away while it was in use. */
export type MicrophoneState = "closed" | "opening" | "open" | "lost";

/** How an embedding page wants its session. */
export type VoiceSessionOptions = {
  readonly room?: EmbeddedRoom;
  /** Signalling, ICE servers and assets. */
  readonly engine?: Omit<VoiceEngineOptions, "settings">;
};

/**
 * The page's use of the engine: one engine, at most one room, and what went wrong last. Elements read it and call its methods; it
 * tells them when to look again.
 */
export class VoiceSession extends TypedEventTarget<{ change: object }> {
  readonly #address: RoomAddress;
  readonly #options: VoiceSessionOptions;
  readonly #talk = new TalkControl();
  /** What the meters read. */
  readonly levels = new LevelSources(() => this.#engine);
  readonly chat = new ChatLog();
  /** What is sent besides the microphone. */
  readonly sharing = new SharedAudioList();
  /** The last minutes of every connection. */
  readonly figures = new FigureHistory();
  readonly #awake = new StayAwake();
  readonly #lifetime = new AbortController();
  #engine: VoiceEngine | undefined;
  #starting: Promise<VoiceEngine> | undefined;
  #room: Room | undefined;
  #attempt: AbortController | undefined;
  #phase: SessionPhase = "lobby";
  #microphone: MicrophoneState = "closed";
  #failure: VoiceError | undefined;
  #hint: MicrophoneHint = "none";
  #wasListenOnly = false;

  /** Without options the page's address names the room, and the engine asks the server the page came from. */
  constructor(options: VoiceSessionOptions = {}) {
    super();
    this.#options = options;
    this.#address = new RoomAddress(options.room);
    const { name } = this.#address.route;
    if (name !== undefined) {
      preferences.update({ name });
    }
  }

  get engine(): VoiceEngine | undefined {
    return this.#engine;
  }

  get room(): Room | undefined {
    return this.#room;
  }

  get phase(): SessionPhase {
    return this.#phase;
  }

  get microphone(): MicrophoneState {
    return this.#microphone;
  }

  /** What went wrong last and has not been resolved. */
  get failure(): VoiceError | undefined {
    return this.#failure;
  }

  /** What the page should tell about the microphone: open but silent, or muted while someone talks. */
  get hint(): MicrophoneHint {
    return this.#hint;
  }

  get route(): Route {
    return this.#address.route;
  }

  /** Whether the address led to a room, rather than the page proposing one. */
  get isInvited(): boolean {
    return this.#address.isInvited;
  }

  /** The address that leads others here: room and secret, without one's own name. */
  get link(): string {
    return this.#address.link;
  }

  get isMuted(): boolean {
    return this.#engine?.isMuted ?? false;
  }

  get isDeafened(): boolean {
    return this.#engine?.isDeafened ?? false;
  }

  /** Whether the talk key or button is down. */
  get isTalking(): boolean {
    return this.#talk.isDown;
  }

  /** Whether the browser keeps a call silent until the page is clicked. */
  get isSuspended(): boolean {
    return this.#phase === "in-room" && this.#engine?.state === "suspended";
  }

  get isReconnecting(): boolean {
    return this.#room?.state === "reconnecting";
  }

  /** The others in the room, in the order they came. */
  get peers(): readonly Peer[] {
    return [...(this.#room?.peers.values() ?? [])];
  }

  /** Starts the engine, and joins when the address asks for it and the microphone is allowed already. */
  async start(): Promise<void> {
    try {
      await this.ready();
      if (this.#address.joinsByItself && (await isMicrophoneAllowed())) {
        await this.join({ isListenOnly: false });
      }
    } catch (error) {
      this.fail(error, "unsupported", "Cannot start the audio engine");
    }
  }

  /** Asks for the microphone. Call from a click, after saying why. */
  async openMicrophone(): Promise<boolean> {
    this.#microphone = "opening";
    this.#failure = undefined;
    this.emit("change", {});
    try {
      const engine = await this.ready();
      // Without a gesture sound stays off until a click, and the page says so: no reason not to be heard.
      await engine.resume().catch(() => undefined);
      await engine.openMicrophone();
      this.#microphone = "open";
    } catch (error) {
      this.#microphone = "closed";
      this.fail(error, "no-microphone", "Cannot open the microphone");
      return false;
    }
    this.emit("change", {});
    if (this.#address.joinsByItself && this.#phase === "lobby") {
      await this.join({ isListenOnly: false });
    }
    return true;
  }

  /** Enters the room of the address, with the microphone unless listening only. */
  async join({ isListenOnly }: { readonly isListenOnly: boolean }): Promise<void> {
    if (this.#phase !== "lobby") {
      return;
    }
    this.#wasListenOnly = isListenOnly;
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.#phase = "joining";
    this.#failure = undefined;
    this.emit("change", {});
    try {
      if (!isListenOnly && this.#microphone !== "open" && !(await this.openMicrophone())) {
        this.#abandon(attempt);
        return;
      }
      const room = await this.#enter(isListenOnly, attempt.signal);
      if (attempt.signal.aborted) {
        await room.leave();
        return;
      }
      this.#room = room;
      this.#phase = "in-room";
      const changed = (): void => this.emit("change", {});
      const failed = (error: VoiceError): void => this.fail(error);
      const ended = (error: VoiceError): void => {
        this.leave();
        this.fail(error);
      };
      followRoom(room, { changed, failed, ended }, attempt.signal);
      this.chat.follow(room, attempt.signal);
      this.figures.start(this, attempt.signal);
      this.#awake.set(true);
      this.#address.keep();
    } catch (error) {
      const isGivenUp = attempt.signal.aborted;
      this.#abandon(attempt);
      if (!isGivenUp) {
        this.fail(error, "signalling-unreachable", "Cannot join the room");
      }
    }
    this.emit("change", {});
  }

  /** Leaves the room, or gives up joining it. */
  leave(): void {
    const room = this.#room;
    this.#attempt?.abort();
    this.#room = undefined;
    this.#phase = "lobby";
    this.#failure = undefined;
    this.#awake.set(false);
    this.sharing.stopAll();
    this.emit("change", {});
    void room?.leave();
  }

  /** Does what the button under an error promises. */
  act(action: ErrorAction): void {
    switch (action) {
      case "retry-microphone":
        void this.openMicrophone();
        break;
      case "join-listen-only":
        void this.join({ isListenOnly: true });
        break;
      case "retry-join":
        this.leave();
        void this.join({ isListenOnly: this.#wasListenOnly });
        break;
      case "new-room":
        location.hash = "#/";
        location.reload();
        break;
      case "resume-audio":
        void this.resume();
        break;
      case "reload":
        location.reload();
        break;
    }
  }

  /** Goes to another room name in the lobby; a new name gets a new secret. */
  renameRoom(name: string): void {
    if (this.#phase === "lobby" && this.#address.rename(name)) {
      this.emit("change", {});
    }
  }

  /** Follows the address after it was changed by a link or by hand. */
  followAddress(): void {
    this.#address.follow();
    // On narrow windows the chat covers the screen that was just asked for.
    if (this.chat.isOpen && matchMedia(NARROW).matches) {
      this.chat.toggle(false);
    }
    this.emit("change", {});
  }

  toggleMute(): void {
    this.#engine?.setMuted(!this.#engine.isMuted);
    this.emit("change", {});
  }

  toggleDeafen(): void {
    this.#engine?.setDeafened(!this.#engine.isDeafened);
    this.emit("change", {});
  }

  /** The talk key or button went down or up. */
  talk(isDown: boolean): void {
    if (this.#engine !== undefined && this.#talk.set(this.#engine, isDown)) {
      this.emit("change", {});
    }
  }

  /** Lets sound play after a click. */
  async resume(): Promise<void> {
    try {
      await this.#engine?.resume();
    } catch (error) {
      this.fail(error, "audio-suspended", "Cannot start audio");
    }
    this.emit("change", {});
  }

  /** Plays a chime, left, right and both. */
  async playTestSound(): Promise<void> {
    try {
      const engine = await this.ready();
      await engine.resume();
      await engine.output.playTestSound();
    } catch (error) {
      this.fail(error, "output-unavailable", "Cannot play the test sound");
    }
  }

  /** Shows an error until something succeeds. */
  fail(error: unknown, code: VoiceErrorCode = "unsupported", attempt = "Something went wrong"): void {
    this.#failure = toVoiceError(error, code, attempt);
    this.emit("change", {});
  }

  /** Says goodbye and lets go of everything, also of an engine that is still starting: the page is going away. */
  close(): void {
    this.#lifetime.abort();
    this.#attempt?.abort();
    this.#awake.set(false);
    void this.#engine?.close();
    this.#starting?.then((engine) => engine.close()).catch(() => undefined);
  }

  /** The engine, once it has started. Tries again after a start that failed. */
  ready(): Promise<VoiceEngine> {
    this.#starting ??= this.#startEngine();
    return this.#starting;
  }

  async #enter(isListenOnly: boolean, signal: AbortSignal): Promise<Room> {
    const engine = await this.ready();
    engine.resume().catch(() => undefined);
    const { roomName = suggestRoomName(), secret } = this.#address.route;
    const name = preferences.values.name.trim() || "Guest";
    return engine.join(roomName, {
      name,
      listenOnly: isListenOnly,
      signal,
      onWaiting: () => this.#wait(),
      ...(secret === undefined ? {} : { secret }),
    });
  }

  /** The host has to let this member in first. */
  #wait(): void {
    if (this.#phase === "joining") {
      this.#phase = "waiting";
      this.emit("change", {});
    }
  }

  async #startEngine(): Promise<VoiceEngine> {
    try {
      const engine = await VoiceEngine.start({ ...this.#options.engine, settings: settingsStore.settings });
      this.#engine = engine;
      publishEngine(engine);
      followEngine(engine, {
        changed: () => this.emit("change", {}),
        microphoneLost: (isLost) => this.#setLost(isLost),
        hinted: (hint) => {
          this.#hint = hint;
          this.emit("change", {});
        },
        failed: (error) => this.fail(error),
        signal: this.#lifetime.signal,
      });
      this.emit("change", {});
      return engine;
    } catch (error) {
      this.#starting = undefined;
      throw error;
    }
  }

  #setLost(isLost: boolean): void {
    this.#microphone = isLost ? "lost" : "open";
    this.emit("change", {});
  }

  #abandon(attempt: AbortController): void {
    if (this.#attempt === attempt) {
      attempt.abort();
      this.#phase = "lobby";
      this.emit("change", {});
    }
  }
}
