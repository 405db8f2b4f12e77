import type { DeviceList } from "./devices/device-list.ts";
import { type MicrophoneGrant, MicrophoneSource } from "./devices/microphone-source.ts";
import { type MicrophoneHint, MicrophoneWatch } from "./devices/microphone-watch.ts";
import { silentCaptureLevels } from "./levels.ts";
import type { LocalStream } from "./local-stream.ts";
import type { InputSettings } from "./settings/input-settings.ts";
import { TypedEventTarget } from "./typed-event-target.ts";
import type { VoiceError } from "./voice-error.ts";

/** Between two looks at the microphone's level, ms. */
const WATCH_INTERVAL_MS = 200;

/** Events of an open microphone. */
export type MicrophoneEvents = {
  /** Another device or other browser processing feeds it from now on. */
  readonly changed: { readonly grant: MicrophoneGrant };
  readonly lost: { readonly error: VoiceError };
  readonly hint: { readonly hint: MicrophoneHint };
};

/** The open microphone: the device and the local stream it feeds. */
export class Microphone extends TypedEventTarget<MicrophoneEvents> {
  readonly stream: LocalStream;
  readonly #source: MicrophoneSource;
  readonly #lifetime = new AbortController();
  readonly #watch = new MicrophoneWatch();
  readonly #levels = silentCaptureLevels();
  readonly #timer: ReturnType<typeof setInterval>;
  #hint: MicrophoneHint = "none";

  private constructor(source: MicrophoneSource, stream: LocalStream) {
    super();
    this.stream = stream;
    this.#source = source;
    const { signal } = this.#lifetime;
    stream.setTrack(source.track);
    source.addEventListener(
      "track-changed",
      ({ track, grant }) => {
        stream.setTrack(track);
        this.emit("changed", { grant });
      },
      { signal },
    );
    source.addEventListener(
      "lost",
      ({ error }) => {
        stream.setTrack(undefined);
        this.emit("lost", { error });
      },
      { signal },
    );
    this.#timer = setInterval(() => this.#look(), WATCH_INTERVAL_MS);
  }

  /** Asks for the device, then for the stream it is to feed. Rejects with the VoiceErrors of both. */
  static async open(options: {
    readonly devices: DeviceList;
    readonly settings: InputSettings;
    readonly createStream: (label: string) => Promise<LocalStream>;
  }): Promise<Microphone> {
    const source = await MicrophoneSource.open({
      mediaDevices: globalThis.navigator.mediaDevices,
      devices: options.devices,
      settings: options.settings,
      isSecureContext: globalThis.isSecureContext,
    });
    try {
      const stream = await options.createStream(source.grant?.deviceLabel ?? "microphone");
      return new Microphone(source, stream);
    } catch (error) {
      source.close();
      throw error;
    }
  }

  /** Which device feeds it and what the browser does to its signal; undefined while the device is lost. */
  get grant(): MicrophoneGrant | undefined {
    return this.#source.grant;
  }

  /** Follows changed settings. Rejects like `open`, and then keeps the old device. */
  configure(settings: InputSettings): Promise<void> {
    return this.#source.configure(settings);
  }

  /** Stops the device and the stream. Idempotent. */
  close(): void {
    clearInterval(this.#timer);
    this.#lifetime.abort();
    this.#source.close();
    this.stream.close();
  }

  #look(): void {
    if (this.#source.track === undefined) {
      return;
    }
    const { inputPeakDb, voiceProbability } = this.stream.levels(this.#levels);
    const now = performance.now();
    const hint = this.#watch.update({ now, isMuted: this.stream.isMuted, inputPeakDb, voiceProbability });
    if (hint !== this.#hint) {
      this.#hint = hint;
      this.emit("hint", { hint });
    }
  }
}
