import type { PacketPipeEnd } from "../shared-memory/packet-pipe.ts";

/** One verdict of the vad worker to a capture node: the probability that the newest 32 ms are voice, 0…1. */
export type VoiceProbabilityMessage = { readonly probability: number };

/** What the main thread tells the vad worker. `start` comes first and once. */
export type ToVadWorker =
  | {
      readonly type: "start";
      /** Address of the Silero model file. */
      readonly modelUrl: string;
      /** Addresses of onnxruntime-web's loader and module. */
      readonly scriptUrl: string;
      readonly wasmUrl: string;
    }
  | {
      readonly type: "attach";
      readonly streamId: number;
      /** 48 kHz audio of one capture node, see audio-block-record.ts. */
      readonly blocks: PacketPipeEnd;
      /** To the same capture node: {@link VoiceProbabilityMessage}. */
      readonly probabilities: MessagePort;
    }
  | { readonly type: "detach"; readonly streamId: number }
  | { readonly type: "close" };

/** What the vad worker tells the main thread. */
export type FromVadWorker =
  /** Bytes of model and runtime loaded so far, while loading. */
  | { readonly type: "progress"; readonly loadedBytes: number; readonly totalBytes: number }
  | { readonly type: "started" }
  | { readonly type: "failed"; readonly message: string };
