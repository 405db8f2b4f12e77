import type { LatencyBuffer } from "./latency-cell.ts";
import { connectPair, type PathCounters, type PathUnderTest, wireBytesOf } from "./path-under-test.ts";

/** Longest time for a connection between two ends of one page, ms. */
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * The browser's own WebRTC audio track between two peer connections of this page, as an application would use it: from
 * Web Audio into a track by a MediaStreamAudioDestinationNode, back by a MediaStreamAudioSourceNode.
 */
export async function openNativePath(
  context: AudioContext,
  input: AudioNode,
  { jitterMs }: LatencyBuffer,
): Promise<PathUnderTest> {
  const sender = new RTCPeerConnection();
  const receiver = new RTCPeerConnection();
  const close = (): void => {
    sender.close();
    receiver.close();
  };
  try {
    const bridge = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    input.connect(bridge);
    const arrived = new Promise<RTCTrackEvent>((resolve, reject) => {
      receiver.ontrack = resolve;
      setTimeout(() => reject(new Error("The browser's own track did not connect")), CONNECT_TIMEOUT_MS);
    });
    for (const track of bridge.stream.getAudioTracks()) sender.addTrack(track, bridge.stream);
    await connectPair(sender, receiver);
    const { track, streams, receiver: end } = await arrived;
    if (jitterMs !== "auto" && "jitterBufferTarget" in end) end.jitterBufferTarget = jitterMs;
    const stream = streams[0] ?? new MediaStream([track]);
    // Chromium decodes a remote track only while a media element plays it.
    const element = new Audio();
    element.srcObject = stream;
    element.muted = true;
    await element.play();
    return {
      output: new MediaStreamAudioSourceNode(context, { mediaStream: stream }),
      counters: () => countersOf(sender, receiver),
      beginStages: () => undefined,
      observeStages: () => undefined,
      endStages: async () => undefined,
      close: () => {
        element.srcObject = null;
        close();
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}

async function countersOf(sender: RTCPeerConnection, receiver: RTCPeerConnection): Promise<PathCounters> {
  const reports = [...(await receiver.getStats()).values()] as readonly Readonly<Record<string, unknown>>[];
  const inbound = reports.find((report) => report["type"] === "inbound-rtp") ?? {};
  const count = (name: string): number => Number(inbound[name] ?? 0);
  return {
    received: count("packetsReceived"),
    late: count("packetsDiscarded"),
    concealedSamples: count("concealedSamples"),
    totalSamples: count("totalSamplesReceived"),
    wireBytes: await wireBytesOf(sender),
  };
}
