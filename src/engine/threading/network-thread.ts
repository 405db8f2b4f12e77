import type { NetworkPins } from "../settings/network-settings.ts";
import { telemetryTransfer } from "../shared-memory/create-telemetry-block.ts";
import type { TelemetryReaderEnd } from "../shared-memory/telemetry-block.ts";
import { TypedEventTarget } from "../typed-event-target.ts";
import { VoiceError } from "../voice-error.ts";
import { canTransferChannels } from "./can-transfer-channels.ts";
import { NetworkHost } from "./network-host.ts";
import type { FromNetworkThread, ToNetworkThread } from "./network-messages.ts";
import { unreachable } from "./unreachable.ts";

type Payload<Type extends FromNetworkThread["type"]> = Omit<Extract<FromNetworkThread, { type: Type }>, "type">;

/** Events of the network thread, see `FromNetworkThread`. */
export type NetworkThreadEvents = {
  readonly "link-open": Payload<"link-open">;
  readonly "link-closed": Payload<"link-closed">;
  readonly "channel-closed": Payload<"channel-closed">;
  readonly statistics: Payload<"statistics">;
  readonly decision: Payload<"decision">;
  readonly trace: Payload<"trace">;
  /** The worker died with an error: no voice goes through any more. */
  readonly failed: { readonly error: VoiceError };
};

/** How long the worker may take to load, ms. */
const START_TIMEOUT_MS = 15_000;

/** The main thread's hand on the network worker, or on its stand-in on the main thread. */
export class NetworkThread extends TypedEventTarget<NetworkThreadEvents> {
  readonly voicePath: "worker" | "main-thread";
  readonly #worker: Worker | undefined;
  readonly #host: NetworkHost | undefined;
  #onStarted: (() => void) | undefined;
  #isClosed = false;

  private constructor(workerUrl: string | undefined) {
    super();
    this.voicePath = workerUrl === undefined ? "main-thread" : "worker";
    if (workerUrl === undefined) {
      this.#host = new NetworkHost((message) => this.#dispatch(message));
      return;
    }
    this.#worker = new Worker(workerUrl, { type: "module", name: "antiphon-network" });
    this.#worker.onmessage = ({ data }: MessageEvent<FromNetworkThread>) => this.#dispatch(data);
    this.#worker.onerror = ({ message }) => {
      const error = new VoiceError(
        "worklet-failed",
        `Cannot send or receive voice: the network worker failed: ${message}`,
      );
      this.emit("failed", { error });
    };
  }

  /**
   * Starts the worker, or with `voicePath` "main-thread", or where the browser cannot transfer data channels, its stand-in.
   * Rejects with VoiceError `worklet-failed` when the worker does not start.
   */
  static async start(options: {
    readonly workerUrl: string;
    readonly voicePath: "worker" | "main-thread" | undefined;
    readonly pins: NetworkPins;
  }): Promise<NetworkThread> {
    const isWorker = options.voicePath !== "main-thread" && canTransferChannels();
    const thread = new NetworkThread(isWorker ? options.workerUrl : undefined);
    try {
      await thread.#start(options.pins);
    } catch (error) {
      thread.close();
      throw error;
    }
    return thread;
  }

  /** Posts a message; what `transfer` lists goes along and cannot be used here any more. */
  post(message: ToNetworkThread, transfer: readonly Transferable[] = []): void {
    if (this.#isClosed) {
      return;
    }
    if (this.#worker === undefined) {
      this.#host?.receive(message);
    } else {
      this.#worker.postMessage(message, [...transfer]);
    }
  }

  /** Hands the voice channel of a new link over. To be called in the task that created the channel. */
  addLink(linkId: number, channel: RTCDataChannel, before?: number): void {
    const message = { type: "add-link", linkId, channel, ...(before === undefined ? {} : { before }) } as const;
    // RTCDataChannel is missing from the list of transferable types in TypeScript's library.
    this.post(message, [channel as unknown as Transferable]);
  }

  /** Hands one more voice channel of a link over. To be called in the task that created the channel. */
  addChannel(linkId: number, channelId: number, channel: RTCDataChannel): void {
    this.post({ type: "add-channel", linkId, channelId, channel }, [channel as unknown as Transferable]);
  }

  /** Tells where the playback node in use puts its numbers. */
  setPlaybackTelemetry(telemetry: TelemetryReaderEnd): void {
    this.post({ type: "playback-telemetry", telemetry }, telemetryTransfer(telemetry));
  }

  /** Ends the worker and with it every channel. Idempotent. */
  close(): void {
    if (this.#isClosed) {
      return;
    }
    this.post({ type: "close" });
    this.#isClosed = true;
  }

  #start(pins: NetworkPins): Promise<void> {
    const seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
    return new Promise<void>((resolve, reject) => {
      const fail = (reason: string): void =>
        reject(new VoiceError("worklet-failed", `Cannot start the network worker: ${reason}. Reload the page`));
      const timer = setTimeout(() => fail("it does not answer"), START_TIMEOUT_MS);
      this.#onStarted = () => {
        clearTimeout(timer);
        resolve();
      };
      this.addEventListener("failed", ({ error }) => fail(error.message), { once: true });
      this.post({ type: "start", pins, seed });
    });
  }

  #dispatch(message: FromNetworkThread): void {
    switch (message.type) {
      case "started":
        this.#onStarted?.();
        return;
      case "link-open":
      case "link-closed":
      case "channel-closed":
      case "statistics":
      case "decision":
      case "trace": {
        const { type, ...payload } = message;
        this.emit(type, payload as NetworkThreadEvents[typeof type]);
        return;
      }
      default:
        unreachable(message);
    }
  }
}
