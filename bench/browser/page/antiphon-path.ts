import { DEFAULT_STREAM_MIX } from "../../../src/engine/playout/stream-mix.ts";
import { applyPatch, type SettingsPatch } from "../../../src/engine/settings/apply-patch.ts";
import { defaultSettings } from "../../../src/engine/settings/default-settings.ts";
import type { Settings } from "../../../src/engine/settings/settings.ts";
import { STREAM_TELEMETRY, streamTelemetryStart } from "../../../src/engine/shared-memory/playback-telemetry.ts";
import { CaptureNode } from "../../../src/engine/threading/capture-node.ts";
import { NetworkThread } from "../../../src/engine/threading/network-thread.ts";
import { PlaybackNode } from "../../../src/engine/threading/playback-node.ts";
import captureUrl from "../../../src/worklets/capture.worklet.ts?worker&url";
import networkUrl from "../../../src/worklets/network.worker.ts?worker&url";
import playbackUrl from "../../../src/worklets/playback.worklet.ts?worker&url";
import coreUrl from "../../../wasm/dist/core.wasm?url";
import type { PathUnderTest } from "./native-path.ts";

/** Stream identifier of the only stream. */
const SSRC = 0x0a0b0c0d;

/** Channel id of voice on a peer connection, as in transport.ts. */
const VOICE_CHANNEL_ID = 100;

const LINK = 1;

/**
 * The engine's own voice path inside one page: the capture worklet, a network worker that sends, a data channel of two
 * peer connections whose ends are transferred to the workers, a network worker that receives, and the playback worklet.
 * It leaves out `VoiceEngine` because that owns its contexts; threads, code and messages are the same.
 */
export async function openAntiphonPath(
  context: AudioContext,
  input: AudioNode,
  options: readonly SettingsPatch[],
): Promise<PathUnderTest> {
  const settings = options.reduce((merged: Settings, patch) => applyPatch(merged, patch), defaultSettings);
  await Promise.all([context.audioWorklet.addModule(captureUrl), context.audioWorklet.addModule(playbackUrl)]);
  const fetchCore = async (): Promise<ArrayBuffer> => (await fetch(coreUrl)).arrayBuffer();
  const core = { module: await WebAssembly.compile(await fetchCore()), bytes: fetchCore };
  const shared = crossOriginIsolated;
  const fail = (): void => {
    throw new Error("An audio processor has failed");
  };

  const capture = await CaptureNode.create({
    context,
    core,
    shared,
    settings: { capture: settings.capture, encoder: settings.encoder, channels: settings.input.channels },
    isMuted: false,
    firstTimestamp: 0,
    onFailure: fail,
  });
  const playback = await PlaybackNode.create({
    context,
    core,
    shared,
    jitterBuffer: settings.jitterBuffer,
    output: { ...settings.output, isDeafened: false },
    onFailure: fail,
  });
  const { encoder } = settings;
  const pins = { ...settings.network.pins, bitrate: encoder.bitrate, frameDuration: encoder.frameDuration };
  const start = (): Promise<NetworkThread> =>
    NetworkThread.start({ workerUrl: networkUrl, voicePath: undefined, pins });
  const [sender, receiver] = await Promise.all([start(), start()]);
  if (sender.voicePath !== "worker") throw new Error("This browser cannot transfer data channels to a worker");

  const { slot, datagrams } = playback.addStream({ ssrc: SSRC, channels: 1, mix: DEFAULT_STREAM_MIX });
  receiver.setPlaybackTelemetry(playback.networkTelemetry);
  const connections = await connectWorkers(sender, receiver);
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

  const numbers = streamTelemetryStart(slot);
  return {
    output: playback.output,
    packets: async () => ({
      received: playback.telemetry.at(numbers + STREAM_TELEMETRY.packetsReceived),
      late: playback.telemetry.at(numbers + STREAM_TELEMETRY.packetsDiscarded),
      concealedSamples: playback.telemetry.at(numbers + STREAM_TELEMETRY.concealedSamples),
      totalSamples: playback.telemetry.at(numbers + STREAM_TELEMETRY.totalSamplesReceived),
    }),
    close: () => {
      sender.close();
      receiver.close();
      capture.close();
      playback.close();
      for (const connection of connections) connection.close();
    },
  };
}

/** Connects two peer connections of this page and hands an end of their voice channel to each thread. */
async function connectWorkers(sender: NetworkThread, receiver: NetworkThread): Promise<readonly RTCPeerConnection[]> {
  const near = new RTCPeerConnection();
  const far = new RTCPeerConnection();
  near.onicecandidate = ({ candidate }) => void far.addIceCandidate(candidate ?? undefined);
  far.onicecandidate = ({ candidate }) => void near.addIceCandidate(candidate ?? undefined);
  const open = Promise.all(
    [sender, receiver].map(
      (thread) => new Promise<void>((resolve) => thread.addEventListener("link-open", () => resolve(), { once: true })),
    ),
  );
  const channelOptions = { negotiated: true, id: VOICE_CHANNEL_ID, ordered: false, maxRetransmits: 0 };
  // A channel can be transferred only in the task that made it.
  sender.addLink(LINK, near.createDataChannel("voice", channelOptions));
  receiver.addLink(LINK, far.createDataChannel("voice", channelOptions));
  await near.setLocalDescription();
  if (near.localDescription) await far.setRemoteDescription(near.localDescription);
  await far.setLocalDescription();
  if (far.localDescription) await near.setRemoteDescription(far.localDescription);
  await open;
  return [near, far];
}
