import silero from "@ricky0123/vad-web/dist/silero_vad_v5.onnx?url";
import gtcrn from "@sapphi-red/web-noise-suppressor/gtcrn.wasm?url";
import rnnoise from "@sapphi-red/web-noise-suppressor/rnnoise_simd.wasm?url";
import onnxScript from "onnxruntime-web/ort-wasm-simd-threaded.mjs?url";
import onnxWasm from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import core from "../../wasm/dist/core.wasm?url";
import neural from "../../wasm/dist/neural.wasm?url";
import captureWorklet from "../worklets/capture.worklet.ts?worker&url";
import networkWorker from "../worklets/network.worker.ts?worker&url";
import playbackWorklet from "../worklets/playback.worklet.ts?worker&url";
import recordingWorker from "../worklets/recording.worker.ts?worker&url";
import vadWorker from "../worklets/vad.worker.ts?worker&url";
import type { EngineAssets } from "./engine-options.ts";

/** Where Vite has put the engine's files. Loaded only when the embedder does not name all of them. */
export const defaultAssets: EngineAssets = {
  captureWorklet,
  playbackWorklet,
  networkWorker,
  vadWorker,
  recordingWorker,
  core,
  neural,
  rnnoise,
  gtcrn,
  silero,
  onnxScript,
  onnxWasm,
};
