import { MIXER_LATENCY } from "../playout/mixer.ts";
import { DEFAULT_STREAM_MIX } from "../playout/stream-mix.ts";
import type { Settings } from "../settings/settings.ts";
import { STREAM_TELEMETRY, streamTelemetryStart } from "../shared-memory/playback-telemetry.ts";
import { CaptureNode } from "../threading/capture-node.ts";
import { NetworkThread } from "../threading/network-thread.ts";
import { PlaybackNode } from "../threading/playback-node.ts";
import { createVoiceChannel } from "../transport/data-channels.ts";
import type { WasmFiles } from "../wasm-files.ts";
import { EngineStages } from "./engine-stages.ts";
import type { LatencyLabAssets } from "./latency-progress.ts";
import { connectPair, type PathUnderTest, wireBytesOf } from "./path-under-test.ts";

/** Stream identifier of the only stream. */
const SSRC = 0x0a0b0c0d;

const LINK = 1;

/** Longest time for a connection between two ends of one page, ms. */
const CONNECT_TIMEOUT_MS = 10_000;

/** What the engine's path is opened with. */
export type EnginePathOptions = {
  readonly context: AudioContext;
  readonly input: AudioNode;
  readonly settings: Settings;
  readonly assets: LatencyLabAssets;
  readonly files: WasmFiles;
};

/**
 * The engine's own voice path inside one page: the capture worklet, a network worker that sends, a data channel of two
 * peer connections whose ends are transferred to the workers, a network worker that receives, and the playback worklet.
 * It leaves out `VoiceEngine` because that owns its contexts; threads, code and messages are the same.
 */
export async function openEnginePath(options: EnginePathOptions): Promise<PathUnderTest> {
  const { context, input, settings, assets, files } = options;
  const closers: (() => void)[] = [];
  const close = (): void => {
    for (const closer of closers.splice(0).reverse()) closer();
  };
  try {
    await Promise.all([
      context.audioWorklet.addModule(assets.captureWorklet),
      context.audioWorklet.addModule(assets.playbackWorklet),
    ]);
    const core = await files.core();
    const shared = globalThis.crossOriginIsolated === true;
    const capture = await CaptureNode.create({
      context,
      core,
      shared,
      settings: { capture: settings.capture, encoder: settings.encoder, channels: settings.input.channels },
      isMuted: false,
      firstTimestamp: 0,
      onFailure: close,
    });
    closers.push(() => capture.close());
    const { kind } = settings.capture.suppressor;
    if (kind === "rnnoise" || kind === "gtcrn") await capture.loadSuppressor(kind, await files.suppressor(kind));
    const playback = await PlaybackNode.create({
      context,
      core,
      shared,
      jitterBuffer: settings.jitterBuffer,
      output: { ...settings.output, isDeafened: false },
      onFailure: close,
    });
    closers.push(() => playback.close());
    const { encoder } = settings;
    const pins = { ...settings.network.pins, bitrate: encoder.bitrate, frameDuration: encoder.frameDuration };
    const start = (): Promise<NetworkThread> =>
      NetworkThread.start({ workerUrl: assets.networkWorker, voicePath: undefined, pins });
    const [sender, receiver] = await Promise.all([start(), start()]);
    closers.push(
      () => sender.close(),
      () => receiver.close(),
    );

    const { slot, datagrams } = playback.addStream({ ssrc: SSRC, channels: 1, mix: DEFAULT_STREAM_MIX });
    receiver.setPlaybackTelemetry(playback.networkTelemetry);
    const near = new RTCPeerConnection();
    const far = new RTCPeerConnection();
    closers.push(
      () => near.close(),
      () => far.close(),
    );
    await connectThreads({ sender, receiver, near, far });
    receiver.post(
      { type: "add-remote-stream", linkId: LINK, ssrc: SSRC, slot, datagrams },
      datagrams.kind === "port" ? [datagrams.port] : [],
    );
    const { frames, targets } = capture.networkEnds;
    sender.post({ type: "add-local-stream", ssrc: SSRC, preferences: encoder, frames, targets }, [
      targets,
      ...(frames.kind === "port" ? [frames.port] : []),
    ]);
    input.connect(capture.input);
    // Its output is silent, but a node that leads nowhere is not run.
    capture.input.connect(context.destination);

    const at = (name: keyof typeof STREAM_TELEMETRY): number =>
      playback.telemetry.at(streamTelemetryStart(slot) + STREAM_TELEMETRY[name]);
    const stages = new EngineStages(capture.telemetry, playback.telemetry, slot);
    return {
      settleSeconds: 0,
      outputs: [playback.output],
      counters: async () => ({
        received: at("packetsReceived"),
        late: at("packetsDiscarded"),
        concealedSamples: at("concealedSamples"),
        totalSamples: at("totalSamplesReceived"),
        wireBytes: await wireBytesOf(near),
      }),
      beginStages: () => stages.begin(),
      observeStages: () => stages.observe(),
      endStages: async () => stages.end(MIXER_LATENCY),
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** Connects two peer connections of this page and hands an end of their voice channel to each thread. */
async function connectThreads(ends: {
  readonly sender: NetworkThread;
  readonly receiver: NetworkThread;
  readonly near: RTCPeerConnection;
  readonly far: RTCPeerConnection;
}): Promise<void> {
  const { sender, receiver, near, far } = ends;
  const open = Promise.all(
    [sender, receiver].map(
      (thread) =>
        new Promise<void>((resolve, reject) => {
          thread.addEventListener("link-open", () => resolve(), { once: true });
          setTimeout(() => reject(new Error("The data channel did not open")), CONNECT_TIMEOUT_MS);
        }),
    ),
  );
  // A channel can be transferred only in the task that made it.
  sender.addLink(LINK, createVoiceChannel(near));
  receiver.addLink(LINK, createVoiceChannel(far));
  await connectPair(near, far);
  await open;
}
