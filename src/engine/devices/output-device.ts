import type { OutputSettings } from "../settings/playout-settings.ts";
import { toVoiceError, type VoiceError } from "../voice-error.ts";
import type { DeviceList } from "./device-list.ts";
import { findDevice } from "./find-device.ts";

/** What an output device follows and where it reports. */
export type OutputDeviceOptions = {
  readonly devices: DeviceList;
  readonly settings: OutputSettings;
  /** Plays on the device with this id, empty for the default. Rejects with VoiceError. */
  readonly apply: (id: string) => Promise<void>;
  readonly onError: (error: VoiceError) => void;
};

/** Keeps the output on the chosen device: falls back to the default while it is unplugged, returns when it is back. */
export class OutputDevice {
  readonly #options: OutputDeviceOptions;
  readonly #lifetime = new AbortController();
  #settings: OutputSettings;
  #current = "";
  #applying: Promise<void> = Promise.resolve();

  constructor(options: OutputDeviceOptions) {
    this.#options = options;
    this.#settings = options.settings;
    options.devices.addEventListener("changed", () => void this.#follow(), { signal: this.#lifetime.signal });
  }

  /** Id of the device in use, empty for the default. */
  get current(): string {
    return this.#current;
  }

  /** Whether the chosen device is missing, so that the default plays instead. */
  get isFallback(): boolean {
    return this.#settings.deviceId !== "" && this.#current === "";
  }

  /** Follows a changed choice. Failures go to `onError`, and the default device plays. */
  configure(settings: OutputSettings): Promise<void> {
    this.#settings = settings;
    return this.#follow();
  }

  /** Applies the choice anew, to a context that was just made. */
  renew(): Promise<void> {
    this.#applying = this.#applying.then(() => {
      this.#current = "";
      return this.#followNow();
    });
    return this.#applying;
  }

  /** Stops following the devices. Idempotent. */
  close(): void {
    this.#lifetime.abort();
  }

  /** One change after the other, so that two in a row end with the later one. */
  #follow(): Promise<void> {
    this.#applying = this.#applying.then(() => this.#followNow());
    return this.#applying;
  }

  async #followNow(): Promise<void> {
    const { devices, apply, onError } = this.#options;
    const wanted = findDevice(devices.outputs, this.#settings);
    if (wanted === this.#current || this.#lifetime.signal.aborted) {
      return;
    }
    try {
      await apply(wanted);
      this.#current = wanted;
    } catch (error) {
      onError(toVoiceError(error, "output-unavailable", "Cannot play on the chosen device"));
      await this.#fallBack();
    }
  }

  async #fallBack(): Promise<void> {
    if (this.#current === "") {
      return;
    }
    this.#current = "";
    try {
      await this.#options.apply("");
    } catch (error) {
      this.#options.onError(toVoiceError(error, "output-unavailable", "Cannot play on the default device"));
    }
  }
}
