import { loadSilero } from "../engine/threading/load-silero.ts";
import { VadHost } from "../engine/threading/vad-host.ts";
import type { ToVadWorker } from "../engine/threading/vad-messages.ts";

/*
 * The vad worker: runs Silero over the audio of capture nodes, beside the path of audio and never on it. Everything it does
 * is in VadHost; this shell gives it the worker's port and the runtime.
 */
const host = new VadHost({ post: (message) => postMessage(message), loadModel: loadSilero });

addEventListener("message", ({ data }: MessageEvent<ToVadWorker>) => {
  host.receive(data);
  if (data.type === "close") {
    close();
  }
});
