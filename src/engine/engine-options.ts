import type { SettingsPatch } from "./settings/apply-patch.ts";
import type { Transport } from "./transport/transport.ts";

/**
 * Addresses of everything the engine loads beside its own code. A bundler that understands Vite's `?worker&url` and `?url`
 * needs none of them; other embedders copy the built files and say where they are.
 */
export type EngineAssets = {
  readonly captureWorklet: string;
  readonly playbackWorklet: string;
  readonly networkWorker: string;
  readonly vadWorker: string;
  readonly recordingWorker: string;
  /** libopus, resampler and denoiser. */
  readonly core: string;
  /** The same with deep concealment and DRED; loaded only when asked for. */
  readonly neural: string;
  readonly rnnoise: string;
  readonly gtcrn: string;
  /** Model of the accurate voice detector. */
  readonly silero: string;
  /** onnxruntime-web's loader, `ort-wasm-simd-threaded.mjs`. */
  readonly onnxScript: string;
  /** onnxruntime-web's module, `ort-wasm-simd-threaded.wasm`. */
  readonly onnxWasm: string;
};

/** The signalling server: a PeerServer, such as the one `npm start` runs. */
export type SignallingOptions = {
  readonly host: string;
  readonly port: number;
  /** Where the server is mounted, such as `/peerjs`. */
  readonly path: string;
  readonly secure: boolean;
  readonly key?: string;
};

/** How to start an engine. Everything has a default. */
export type VoiceEngineOptions = {
  /** Default: the server the page came from, at `/peerjs`. */
  readonly signalling?: SignallingOptions;
  readonly iceServers?: readonly RTCIceServer[];
  /** Deviations from the default settings. */
  readonly settings?: SettingsPatch;
  readonly assets?: Partial<EngineAssets>;
  /** Frames per render quantum where the browser lets one choose. Default: the browser's (128). */
  readonly renderSizeHint?: number;
  /** False does without shared memory even where the page is cross-origin isolated. For measurements. */
  readonly sharedMemory?: boolean;
  /** `"main-thread"` does without the network worker even where channels can be transferred. For measurements. */
  readonly voicePath?: VoicePath;
  /** Makes the transport instead of PeerJS: another signalling, or a loopback in tests. */
  readonly createTransport?: () => Promise<Transport>;
};

/** Where voice packets are handled: in the network worker, or on the main thread where channels cannot be transferred. */
export type VoicePath = "worker" | "main-thread";
