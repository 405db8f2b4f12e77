import { TypedEventTarget } from "../typed-event-target.ts";

/** An audio device as the browser names it. */
export type AudioDevice = {
  /** Stable for this site while permission lasts; empty while labels are hidden. */
  readonly id: string;
  /** As the system names it; empty until the microphone was allowed once. */
  readonly label: string;
};

/** Events of the device list. */
export type DeviceListEvents = {
  /** Devices came or went, or their labels became readable. */
  readonly changed: { readonly inputs: readonly AudioDevice[]; readonly outputs: readonly AudioDevice[] };
};

/** The audio devices of the machine, kept up to date while they come and go. */
export class DeviceList extends TypedEventTarget<DeviceListEvents> {
  readonly #mediaDevices: MediaDevices | undefined;
  readonly #lifetime = new AbortController();
  #inputs: readonly AudioDevice[] = [];
  #outputs: readonly AudioDevice[] = [];

  /** `mediaDevices` is undefined on insecure pages: the list then stays empty. */
  constructor(mediaDevices: MediaDevices | undefined) {
    super();
    this.#mediaDevices = mediaDevices;
    mediaDevices?.addEventListener("devicechange", () => void this.refresh(), { signal: this.#lifetime.signal });
  }

  /** Microphones and other inputs. */
  get inputs(): readonly AudioDevice[] {
    return this.#inputs;
  }

  /** Speakers and headphones; empty where the browser cannot choose. */
  get outputs(): readonly AudioDevice[] {
    return this.#outputs;
  }

  /** Asks the browser anew. Emits `changed` when something is different. */
  async refresh(): Promise<void> {
    const all = await this.#enumerate();
    const inputs = devicesOf(all, "audioinput");
    const outputs = devicesOf(all, "audiooutput");
    if (isSame(inputs, this.#inputs) && isSame(outputs, this.#outputs)) {
      return;
    }
    this.#inputs = inputs;
    this.#outputs = outputs;
    if (!this.#lifetime.signal.aborted) {
      this.emit("changed", { inputs, outputs });
    }
  }

  /** Browsers that will not say (a policy, an inactive document) have no devices to choose from. */
  async #enumerate(): Promise<readonly MediaDeviceInfo[]> {
    try {
      return (await this.#mediaDevices?.enumerateDevices()) ?? [];
    } catch (error) {
      if (error instanceof DOMException) {
        return [];
      }
      throw error;
    }
  }

  /** Stops following the devices. Idempotent. */
  close(): void {
    this.#lifetime.abort();
  }
}

function devicesOf(all: readonly MediaDeviceInfo[], kind: MediaDeviceKind): readonly AudioDevice[] {
  return all.filter((device) => device.kind === kind).map(({ deviceId, label }) => ({ id: deviceId, label }));
}

function isSame(some: readonly AudioDevice[], others: readonly AudioDevice[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ id, label }, index) => id === others[index]?.id && label === others[index]?.label)
  );
}
