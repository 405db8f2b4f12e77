import { AccurateDetector } from "./accurate-detector.ts";
import type { DeviceList } from "./devices/device-list.ts";
import type { MicrophoneGrant } from "./devices/microphone-source.ts";
import type { MicrophoneHint } from "./devices/microphone-watch.ts";
import type { EngineAssets } from "./engine-options.ts";
import type { LocalStream } from "./local-stream.ts";
import type { LocalStreams } from "./local-streams.ts";
import { Microphone } from "./microphone.ts";
import type { InputSettings } from "./settings/input-settings.ts";
import type { Settings } from "./settings/settings.ts";
import { inputSettingsOf, microphoneSettingsOf } from "./stream-settings.ts";
import type { VadThread } from "./threading/vad-thread.ts";
import { TypedEventTarget } from "./typed-event-target.ts";
import { toVoiceError, VoiceError } from "./voice-error.ts";

/** Events of the microphone's slot. */
export type MicrophoneSlotEvents = {
  /** Opened, closed, or fed by another device. */
  readonly changed: { readonly microphone: LocalStream | undefined };
  readonly lost: { readonly error: VoiceError };
  readonly hint: { readonly hint: MicrophoneHint };
  /** Model and runtime of the accurate voice detector are being loaded. */
  readonly "detector-progress": { readonly loadedBytes: number; readonly totalBytes: number };
  /** Its audio processor failed and could not be restarted, or the accurate detector cannot be had. */
  readonly failed: { readonly error: VoiceError };
};

/** What the slot needs of the engine. */
export type MicrophoneSlotOptions = {
  readonly devices: DeviceList;
  readonly streams: LocalStreams;
  readonly assets: EngineAssets;
  /** Whether threads share memory. */
  readonly shared: boolean;
};

/** The place of the engine's one microphone: empty, being opened, or open. Settings and mute outlive the device. */
export class MicrophoneSlot extends TypedEventTarget<MicrophoneSlotEvents> {
  readonly #options: MicrophoneSlotOptions;
  readonly #detector: AccurateDetector;
  #settings: Settings;
  #isMuted = false;
  #microphone: Microphone | undefined;
  #opening: Promise<LocalStream> | undefined;
  /** Counts closings, so that an opening that was overtaken by one ends closed. */
  #closings = 0;

  constructor(options: MicrophoneSlotOptions, settings: Settings) {
    super();
    this.#options = options;
    this.#settings = settings;
    this.#detector = new AccurateDetector(options.assets, options.shared);
    this.#detector.addEventListener("progress", ({ loadedBytes, totalBytes }) =>
      this.emit("detector-progress", { loadedBytes, totalBytes }),
    );
    this.#detector.addEventListener("failed", ({ error }) => this.emit("failed", { error }));
  }

  get stream(): LocalStream | undefined {
    return this.#microphone?.stream;
  }

  get grant(): MicrophoneGrant | undefined {
    return this.#microphone?.grant;
  }

  /** Opens the microphone unless it is open. Rejects with the VoiceErrors of `MicrophoneSource.open`, or `closed`. */
  open(): Promise<LocalStream> {
    if (this.#microphone !== undefined) {
      return Promise.resolve(this.#microphone.stream);
    }
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** Follows changed settings. Rejects when the device cannot be opened again as they demand. */
  async configure(settings: Settings): Promise<void> {
    const before = this.#settings;
    this.#settings = settings;
    const microphone = this.#microphone;
    if (microphone === undefined) {
      return;
    }
    microphone.stream.configure(microphoneSettingsOf(settings));
    this.#updateDetector();
    if (JSON.stringify(inputSettingsOf(settings)) !== JSON.stringify(inputSettingsOf(before))) {
      await microphone.configure(inputSettingsOf(settings));
    }
  }

  setMuted(isMuted: boolean): void {
    this.#isMuted = isMuted;
    this.stream?.setMuted(isMuted);
  }

  /** The accurate voice detector where the settings ask for it, for others who listen; undefined when it cannot be had. */
  voiceDetector(): Promise<VadThread | undefined> {
    const isWanted = this.#settings.capture.activation.detector === "accurate";
    return isWanted ? this.#detector.thread() : Promise.resolve(undefined);
  }

  /** Releases the device. Idempotent. */
  close(): void {
    const microphone = this.#microphone;
    this.#microphone = undefined;
    this.#closings += 1;
    microphone?.close();
    if (microphone !== undefined) {
      this.emit("changed", { microphone: undefined });
    }
  }

  /** Releases the device and the accurate detector for good. Idempotent. */
  end(): void {
    this.close();
    this.#detector.close();
  }

  #updateDetector(): void {
    const { mode, detector } = this.#settings.capture.activation;
    void this.#detector.follow(mode === "voice" && detector === "accurate" ? this.stream : undefined);
  }

  async #open(): Promise<LocalStream> {
    const { devices, streams } = this.#options;
    const closings = this.#closings;
    const asked = inputSettingsOf(this.#settings);
    const microphone = await Microphone.open({
      devices,
      settings: asked,
      createStream: (label) => {
        const settings = microphoneSettingsOf(this.#settings);
        return streams.create({ label, kind: "microphone", settings, isMuted: this.#isMuted });
      },
    });
    if (closings !== this.#closings) {
      microphone.close();
      throw new VoiceError("closed", "Cannot open the microphone: it was closed meanwhile");
    }
    this.#microphone = microphone;
    const { stream } = microphone;
    // What changed while the permission was asked.
    stream.configure(microphoneSettingsOf(this.#settings));
    stream.setMuted(this.#isMuted);
    this.#updateDetector();
    microphone.addEventListener("changed", () => this.emit("changed", { microphone: stream }));
    microphone.addEventListener("lost", ({ error }) => this.emit("lost", { error }));
    microphone.addEventListener("hint", ({ hint }) => this.emit("hint", { hint }));
    stream.addEventListener("failed", ({ error }) => this.emit("failed", { error }));
    this.emit("changed", { microphone: stream });
    this.#catchUp(microphone, asked);
    return stream;
  }

  /** Opens the device again when what is asked of it changed while the permission was asked. */
  #catchUp(microphone: Microphone, asked: InputSettings): void {
    const wanted = inputSettingsOf(this.#settings);
    if (JSON.stringify(wanted) === JSON.stringify(asked)) return;
    microphone.configure(wanted).catch((error: unknown) => {
      const failure = toVoiceError(error, "unsupported", "Cannot change the microphone");
      if (microphone === this.#microphone) this.emit("failed", { error: failure });
    });
  }
}
