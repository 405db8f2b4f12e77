/** What one layer may import beside itself. */
export interface Layer {
  /** Paths the layer is made of: folders end in a slash, files do not. The first layer that matches a file wins. */
  readonly paths: readonly string[];
  /** Names of the layers it may import from. */
  readonly imports: readonly string[];
  /** Packages it may import; `node:` modules only where this says `node:`. */
  readonly packages: readonly string[];
}

const arithmetic = ["media"] as const;
const wire = [...arithmetic, "packet"] as const;
const configured = [...arithmetic, "codec", "settings"] as const;
const cores = [...wire, "codec", "settings", "jitter-buffer", "capture", "congestion", "limiter", "playout"] as const;
const shells = [...cores, "measurement", "foundation", "shared-memory"] as const;

/**
 * The partial order of the source tree, lowest first. A module may import from its own layer and from those named here,
 * and from nothing else; a file that belongs to no layer is a violation, so a new folder has to be placed on purpose.
 */
export const LAYERS: Readonly<Record<string, Layer>> = {
  media: { paths: ["src/engine/media/"], imports: [], packages: [] },
  packet: { paths: ["src/engine/packet/"], imports: arithmetic, packages: [] },
  codec: { paths: ["src/engine/codec/"], imports: arithmetic, packages: [] },
  settings: { paths: ["src/engine/settings/"], imports: [...arithmetic, "codec"], packages: ["valibot"] },
  measurement: { paths: ["src/engine/measurement/"], imports: [...arithmetic, "settings"], packages: [] },
  "jitter-buffer": { paths: ["src/engine/jitter-buffer/"], imports: [...wire, "settings"], packages: [] },
  limiter: {
    paths: ["src/engine/playout/limiter.ts", "src/engine/playout/true-peak-interpolator.ts"],
    imports: arithmetic,
    packages: [],
  },
  capture: { paths: ["src/engine/capture/"], imports: [...configured, "limiter"], packages: [] },
  congestion: { paths: ["src/engine/congestion/"], imports: [...wire, "settings"], packages: [] },
  playout: {
    paths: ["src/engine/playout/"],
    imports: [...wire, ...configured, "jitter-buffer", "limiter"],
    packages: [],
  },
  foundation: {
    paths: ["src/engine/voice-error.ts", "src/engine/typed-event-target.ts"],
    imports: arithmetic,
    packages: [],
  },
  "shared-memory": { paths: ["src/engine/shared-memory/"], imports: [...wire, "foundation"], packages: [] },
  /** What the signalling server shares with its clients. */
  signalling: {
    paths: ["src/engine/transport/signal-message.ts", "src/engine/transport/token-bucket.ts"],
    imports: arithmetic,
    packages: ["valibot"],
  },
  transport: {
    paths: ["src/engine/transport/"],
    imports: [...shells, "signalling"],
    packages: ["peerjs", "valibot"],
  },
  session: {
    paths: ["src/engine/session/"],
    imports: [...shells, "signalling", "transport", "threading"],
    packages: ["valibot"],
  },
  threading: {
    paths: ["src/engine/threading/"],
    imports: [...shells, "transport"],
    // The vad worker's runtime.
    packages: ["onnxruntime-web", "onnxruntime-web/wasm"],
  },
  recording: {
    paths: ["src/engine/recording/"],
    imports: [...shells, "transport", "threading"],
    packages: ["mediabunny", "idb"],
  },
  worklets: {
    paths: ["src/worklets/"],
    imports: [...shells, "transport", "threading", "recording"],
    packages: ["onnxruntime-web"],
  },
  devices: { paths: ["src/engine/devices/"], imports: [...shells, "threading"], packages: [] },
  "latency-lab": {
    paths: ["src/engine/latency-lab/"],
    imports: [...shells, "transport", "threading", "worklets", "voice-engine"],
    packages: [],
  },
  "public-edge": {
    paths: ["src/engine/index.ts"],
    imports: [...shells, "transport", "session", "recording", "threading", "devices", "latency-lab", "voice-engine"],
    packages: [],
  },
  "voice-engine": {
    paths: ["src/engine/"],
    imports: [...shells, "transport", "session", "recording", "threading", "worklets", "devices"],
    // As addresses of files that are served with the page, not as code.
    packages: ["@ricky0123/vad-web", "@sapphi-red/web-noise-suppressor", "@shiguredo/rnnoise-wasm", "onnxruntime-web"],
  },
  server: { paths: ["src/server/"], imports: ["signalling"], packages: ["node:", "peer", "express", "ws", "vite"] },
  ui: {
    paths: ["src/ui/"],
    imports: ["public-edge"],
    packages: [
      "lit",
      "idb",
      "uplot",
      "@awesome.me/webawesome",
      "valibot",
      "workbox-precaching",
      "workbox-routing",
      "workbox-strategies",
    ],
  },
};
