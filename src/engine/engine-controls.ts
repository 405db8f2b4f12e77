import type { DeviceList } from "./devices/device-list.ts";
import {
  type CaptureLevels,
  type OutputLevels,
  readOutputLevels,
  silentCaptureLevels,
  silentOutputLevels,
} from "./levels.ts";
import type { LocalStream } from "./local-stream.ts";
import type { PlaybackGraph } from "./playback-graph.ts";
import type { DeepPartial, SettingsPatch } from "./settings/apply-patch.ts";
import type { CaptureSettings } from "./settings/capture-settings.ts";
import type { EncoderSettings } from "./settings/encoder-settings.ts";
import type { OutputSettings } from "./settings/playout-settings.ts";
import { playTestSound } from "./test-sound.ts";

/** What the controls need of the engine. */
export type EngineControlsHost = {
  readonly configure: (patch: SettingsPatch) => void;
  readonly microphone: () => LocalStream | undefined;
  readonly playback: () => PlaybackGraph;
};

/** `engine.capture`: the processing of the microphone. */
export class CaptureControls {
  readonly #host: EngineControlsHost;

  constructor(host: EngineControlsHost) {
    this.#host = host;
  }

  /** Changes part of the processing while it runs. Throws RangeError or TypeError on values that do not exist. */
  configure(patch: DeepPartial<CaptureSettings>): void {
    this.#host.configure({ capture: patch });
  }

  /** Fills `into` with what the chain does right now, and returns it. All silent while the microphone is closed. */
  levels(into: CaptureLevels = silentCaptureLevels()): CaptureLevels {
    const microphone = this.#host.microphone();
    return microphone === undefined ? Object.assign(into, silentCaptureLevels()) : microphone.levels(into);
  }
}

/** `engine.encoder`: the Opus encoder of the microphone. */
export class EncoderControls {
  readonly #host: EngineControlsHost;

  constructor(host: EngineControlsHost) {
    this.#host = host;
  }

  /** Changes part of the encoder's settings while it runs. Throws RangeError or TypeError on values that do not exist. */
  configure(patch: DeepPartial<EncoderSettings>): void {
    this.#host.configure({ encoder: patch });
  }
}

/** `engine.output`: the mix and the device it is played on. */
export class OutputControls {
  readonly #host: EngineControlsHost;

  constructor(host: EngineControlsHost) {
    this.#host = host;
  }

  /** Changes master gain, limiter or device. Throws RangeError or TypeError on values that do not exist. */
  configure(patch: DeepPartial<OutputSettings>): void {
    this.#host.configure({ output: patch });
  }

  /** Fills `into` with the level of the mix, and returns it. Does not allocate when `into` is given. */
  levels(into: OutputLevels = silentOutputLevels()): OutputLevels {
    return readOutputLevels(this.#host.playback().node.telemetry, into);
  }

  /** Plays a chime left, right and on both sides. Resolves when it is over. */
  playTestSound(): Promise<void> {
    return playTestSound(this.#host.playback().context);
  }
}

/** `engine.devices`: what is plugged in, and what is chosen. */
export class DeviceControls {
  readonly #list: DeviceList;
  readonly #host: EngineControlsHost;

  constructor(list: DeviceList, host: EngineControlsHost) {
    this.#list = list;
    this.#host = host;
  }

  /** Microphones and other inputs. Labels are empty until the microphone was allowed once. */
  get inputs(): DeviceList["inputs"] {
    return this.#list.inputs;
  }

  /** Speakers and headphones; empty where the browser cannot choose. */
  get outputs(): DeviceList["outputs"] {
    return this.#list.outputs;
  }

  /** Asks the browser anew. */
  refresh(): Promise<void> {
    return this.#list.refresh();
  }

  /** Chooses the microphone, now or for the next time it is opened; empty for the default. Remembered in the settings. */
  selectInput(id: string): void {
    const deviceLabel = this.inputs.find((device) => device.id === id)?.label ?? "";
    this.#host.configure({ input: { deviceId: id, deviceLabel } });
  }

  /** Chooses the output; empty for the default. Remembered in the settings. */
  selectOutput(id: string): void {
    const deviceLabel = this.outputs.find((device) => device.id === id)?.label ?? "";
    this.#host.configure({ output: { deviceId: id, deviceLabel } });
  }

  /** Listens to devices that come and go. */
  addEventListener(...listener: Parameters<DeviceList["addEventListener"]>): void {
    this.#list.addEventListener(...listener);
  }

  removeEventListener(...listener: Parameters<DeviceList["removeEventListener"]>): void {
    this.#list.removeEventListener(...listener);
  }
}
