/** A microphone that can be plugged in. */
export type FakeMicrophone = {
  readonly id: string;
  readonly label: string;
  /** Frequencies of the tones it hears, Hz: one channel or two. Default one of 440 Hz. */
  readonly tones?: readonly number[];
  /** What its `getSettings` grants whatever was asked. */
  readonly granted?: MediaTrackSettings;
  /** Error name with which it refuses to start. */
  readonly refusal?: string;
};

type OpenTrack = { readonly track: MediaStreamTrack; readonly device: FakeMicrophone; readonly stop: () => void };

/** `navigator.mediaDevices` with microphones that a test plugs in and out. */
export class FakeMediaDevices extends EventTarget {
  readonly asked: MediaTrackConstraints[] = [];
  readonly #devices: FakeMicrophone[] = [];
  readonly #open = new Set<OpenTrack>();
  readonly #contexts: AudioContext[] = [];
  /** Rejects every request with an error of this name while set. */
  refusal: string | undefined;

  /** Takes the place of the browser's; call the returned function to undo it. */
  install(): () => Promise<void> {
    const real = Object.getOwnPropertyDescriptor(navigator, "mediaDevices");
    Object.defineProperty(navigator, "mediaDevices", { value: this, configurable: true });
    return async () => {
      if (real === undefined) Reflect.deleteProperty(navigator, "mediaDevices");
      else Object.defineProperty(navigator, "mediaDevices", real);
      await Promise.all(this.#contexts.map((context) => context.close()));
    };
  }

  /** Tracks that were given out and not stopped. */
  get openTracks(): number {
    return [...this.#open].filter(({ track }) => track.readyState === "live").length;
  }

  plug(device: FakeMicrophone): void {
    this.#devices.push(device);
    this.dispatchEvent(new Event("devicechange"));
  }

  /** The device is gone: its tracks end, as they do in a browser. */
  unplug(id: string): void {
    this.#devices.splice(
      this.#devices.findIndex((device) => device.id === id),
      1,
    );
    for (const open of this.#open) {
      if (open.device.id !== id || open.track.readyState === "ended") continue;
      open.stop();
      open.track.dispatchEvent(new Event("ended"));
    }
    this.dispatchEvent(new Event("devicechange"));
  }

  async enumerateDevices(): Promise<MediaDeviceInfo[]> {
    return this.#devices.map(
      ({ id, label }) =>
        ({ deviceId: id, label, kind: "audioinput", groupId: "", toJSON: () => ({}) }) satisfies MediaDeviceInfo,
    );
  }

  async getUserMedia({ audio }: MediaStreamConstraints): Promise<MediaStream> {
    const constraints = typeof audio === "object" ? audio : {};
    this.asked.push(constraints);
    if (this.refusal !== undefined) throw new DOMException("refused by the test", this.refusal);
    const exact = (constraints.deviceId as { readonly exact?: string } | undefined)?.exact;
    const device = exact === undefined ? this.#devices[0] : this.#devices.find(({ id }) => id === exact);
    if (device === undefined) {
      throw new DOMException("no such device", exact === undefined ? "NotFoundError" : "OverconstrainedError");
    }
    if (device.refusal !== undefined) throw new DOMException("refused by the device", device.refusal);
    return this.#start(device, constraints);
  }

  #start(device: FakeMicrophone, constraints: MediaTrackConstraints): MediaStream {
    const context = new AudioContext({ sampleRate: 48_000 });
    this.#contexts.push(context);
    const { tones = [440] } = device;
    const destination = new MediaStreamAudioDestinationNode(context, { channelCount: tones.length });
    const merger = new ChannelMergerNode(context, { numberOfInputs: tones.length });
    for (const [channel, frequency] of tones.entries()) {
      const oscillator = new OscillatorNode(context, { frequency });
      const gain = new GainNode(context, { gain: 0.1 });
      oscillator.connect(gain).connect(merger, 0, channel);
      oscillator.start();
    }
    merger.connect(destination);
    const [track] = destination.stream.getAudioTracks();
    if (track === undefined) throw new Error("A destination node has a track");
    const granted: MediaTrackSettings = {
      deviceId: device.id,
      channelCount: tones.length,
      echoCancellation: constraints.echoCancellation === true,
      noiseSuppression: constraints.noiseSuppression === true,
      autoGainControl: constraints.autoGainControl === true,
      ...device.granted,
    };
    Object.defineProperty(track, "label", { value: device.label });
    Object.defineProperty(track, "getSettings", { value: () => granted });
    this.#open.add({ track, device, stop: () => track.stop() });
    return destination.stream;
  }
}
