import type { InputSettings } from "../settings/input-settings.ts";
import { TypedEventTarget } from "../typed-event-target.ts";
import { VoiceError } from "../voice-error.ts";
import type { DeviceList } from "./device-list.ts";
import { findDevice } from "./find-device.ts";
import { microphoneError } from "./media-error.ts";
import { type GrantedProcessing, grantedProcessing, microphoneConstraints } from "./microphone-constraints.ts";

/** Which device a microphone comes from, and what the browser does to its signal. */
export type MicrophoneGrant = {
  readonly deviceId: string;
  readonly deviceLabel: string;
  readonly processing: GrantedProcessing;
  /** Channels and rate of the device, where the browser says. */
  readonly channelCount: number | undefined;
  readonly sampleRate: number | undefined;
  /** The chosen device is missing, so this is the system's default. */
  readonly isFallback: boolean;
};

/** Events of a microphone source. */
export type MicrophoneSourceEvents = {
  /** Another track feeds the microphone from now on. */
  readonly "track-changed": { readonly track: MediaStreamTrack; readonly grant: MicrophoneGrant };
  /** The device vanished and no other could take its place. It is tried again whenever devices change. */
  readonly lost: { readonly error: VoiceError };
};

/** What a microphone source needs of the browser. */
export type MicrophoneSourceOptions = {
  readonly mediaDevices: MediaDevices | undefined;
  readonly devices: DeviceList;
  readonly settings: InputSettings;
  readonly isSecureContext: boolean;
};

/**
 * The chosen microphone for as long as it is open: falls back to the default device when it is unplugged, returns when it
 * is plugged in again, and follows changed settings.
 */
export class MicrophoneSource extends TypedEventTarget<MicrophoneSourceEvents> {
  readonly #options: MicrophoneSourceOptions;
  readonly #lifetime = new AbortController();
  #settings: InputSettings;
  #track: MediaStreamTrack | undefined;
  #grant: MicrophoneGrant | undefined;
  #opening: Promise<void> = Promise.resolve();

  private constructor(options: MicrophoneSourceOptions) {
    super();
    this.#options = options;
    this.#settings = options.settings;
    options.devices.addEventListener("changed", () => void this.#followDevices(), { signal: this.#lifetime.signal });
  }

  /**
   * Asks for the microphone. Rejects with VoiceError `permission-denied`, `no-microphone`, `microphone-busy`,
   * `overconstrained`, `insecure-context` or `unsupported`.
   */
  static async open(options: MicrophoneSourceOptions): Promise<MicrophoneSource> {
    const source = new MicrophoneSource(options);
    try {
      await source.#acquire();
      await options.devices.refresh();
    } catch (error) {
      source.close();
      throw error;
    }
    return source;
  }

  /** The live track; undefined while the device is lost. */
  get track(): MediaStreamTrack | undefined {
    return this.#track;
  }

  /** What was granted; undefined while the device is lost. */
  get grant(): MicrophoneGrant | undefined {
    return this.#grant;
  }

  /** Opens the device again as `settings` demand. Rejects like `open`, and then keeps the old track. */
  async configure(settings: InputSettings): Promise<void> {
    this.#settings = settings;
    await this.#acquire();
  }

  /** Stops the device. Idempotent. */
  close(): void {
    this.#lifetime.abort();
    this.#release();
    this.#grant = undefined;
  }

  /** Runs one acquisition after the other, so that two changes in a row end with the later one. */
  #acquire(): Promise<void> {
    const run = this.#opening.then(() => this.#acquireNow());
    this.#opening = run.catch(() => undefined);
    return run;
  }

  async #acquireNow(): Promise<void> {
    if (this.#lifetime.signal.aborted) {
      throw new VoiceError("closed", "Cannot open the microphone: it was closed meanwhile");
    }
    const wanted = findDevice(this.#options.devices.inputs, this.#settings);
    const isLabelled = this.#options.devices.inputs.some((device) => device.label !== "");
    const deviceId = wanted === "" && !isLabelled ? this.#settings.deviceId : wanted;
    const track = await this.#request(deviceId);
    if (this.#lifetime.signal.aborted) {
      track.stop();
      throw new VoiceError("closed", "Cannot open the microphone: it was closed meanwhile");
    }
    this.#release();
    this.#track = track;
    this.#grant = this.#describe(track);
    track.addEventListener("ended", () => void this.#replaceLost(track), { signal: this.#lifetime.signal });
    this.emit("track-changed", { track, grant: this.#grant });
  }

  /** One track of `deviceId`, or of the default device when that one cannot be had any more. */
  async #request(deviceId: string): Promise<MediaStreamTrack> {
    const { mediaDevices, isSecureContext } = this.#options;
    if (mediaDevices === undefined) {
      throw microphoneError(
        new VoiceError(isSecureContext ? "unsupported" : "insecure-context", NO_MEDIA_DEVICES),
        isSecureContext,
      );
    }
    try {
      return await firstTrack(mediaDevices, microphoneConstraints(this.#settings, deviceId));
    } catch (error) {
      const isMissing =
        error instanceof Error && (error.name === "OverconstrainedError" || error.name === "NotFoundError");
      if (deviceId === "" || !isMissing) {
        throw microphoneError(error, isSecureContext);
      }
    }
    try {
      return await firstTrack(mediaDevices, microphoneConstraints(this.#settings, ""));
    } catch (error) {
      throw microphoneError(error, isSecureContext);
    }
  }

  #describe(track: MediaStreamTrack): MicrophoneGrant {
    const granted = track.getSettings();
    const { deviceId: chosenId, deviceLabel: chosenLabel } = this.#settings;
    const isChosen = chosenId === "" || granted.deviceId === chosenId || track.label === chosenLabel;
    return {
      deviceId: granted.deviceId ?? "",
      deviceLabel: track.label,
      processing: grantedProcessing(granted),
      channelCount: granted.channelCount,
      sampleRate: granted.sampleRate,
      isFallback: !isChosen,
    };
  }

  async #replaceLost(track: MediaStreamTrack): Promise<void> {
    if (track !== this.#track) {
      return;
    }
    this.#track = undefined;
    this.#grant = undefined;
    await this.#options.devices.refresh();
    await this.#acquireOrReport();
  }

  /** Returns to the chosen device when it is back, and takes any when there was none. */
  async #followDevices(): Promise<void> {
    const wanted = findDevice(this.#options.devices.inputs, this.#settings);
    const isBack = this.#grant?.isFallback === true && wanted !== "" && wanted !== this.#grant.deviceId;
    const isNeeded = this.#track === undefined && this.#options.devices.inputs.length > 0;
    if (isBack || isNeeded) {
      await this.#acquireOrReport();
    }
  }

  async #acquireOrReport(): Promise<void> {
    try {
      await this.#acquire();
    } catch (error) {
      if (!this.#lifetime.signal.aborted && this.#track === undefined) {
        this.emit("lost", { error: microphoneError(error, this.#options.isSecureContext) });
      }
    }
  }

  #release(): void {
    const track = this.#track;
    this.#track = undefined;
    track?.stop();
  }
}

const NO_MEDIA_DEVICES =
  "Cannot open the microphone: browsers allow it only on pages served over HTTPS or from localhost";

async function firstTrack(mediaDevices: MediaDevices, audio: MediaTrackConstraints): Promise<MediaStreamTrack> {
  const stream = await mediaDevices.getUserMedia({ audio });
  const [track] = stream.getAudioTracks();
  if (track === undefined) {
    throw new VoiceError("no-microphone", "Cannot open the microphone: the browser gave a stream without audio");
  }
  return track;
}
