import type { LatencyBuffer } from "./latency-cell.ts";
import { connectPair, type PathCounters, type PathUnderTest, wireBytesOf } from "./path-under-test.ts";

/** Longest time for a connection between two ends of one page, ms. */
const CONNECT_TIMEOUT_MS = 10_000;

/** The bridges between Web Audio and a track wait for whole frames of 10 ms: where these begin differs from call to call. */
const CALLS = 10;
/** NetEQ needs so long to find its delay, seconds. */
const SETTLE_SECONDS = 6;

/**
 * The browser's own WebRTC audio track between peer connections of this page, as an application would use it: from
 * Web Audio into a track by a MediaStreamAudioDestinationNode, back by a MediaStreamAudioSourceNode. Several calls at once.
 */
export async function openNativePath(
  context: AudioContext,
  input: AudioNode,
  buffer: LatencyBuffer,
): Promise<PathUnderTest> {
  const calls: NativeCall[] = [];
  const close = (): void => {
    for (const call of calls) call.close();
  };
  try {
    const first = await openCall(context, input, buffer);
    calls.push(first);
    while (calls.length < CALLS) calls.push(await openCall(context, input, buffer));
    const [, ...others] = calls;
    return {
      settleSeconds: SETTLE_SECONDS,
      outputs: [first.output, ...others.map(({ output }) => output)],
      counters: async () => meanOf(await Promise.all(calls.map((call) => call.counters()))),
      beginStages: () => undefined,
      observeStages: () => undefined,
      endStages: async () => undefined,
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

type NativeCall = {
  readonly output: AudioNode;
  counters(): Promise<PathCounters>;
  close(): void;
};

async function openCall(context: AudioContext, input: AudioNode, { jitterMs }: LatencyBuffer): Promise<NativeCall> {
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

/** Counters of one call, of several alike. */
function meanOf(all: readonly PathCounters[]): PathCounters {
  const mean = (value: (counters: PathCounters) => number): number =>
    all.reduce((sum, counters) => sum + value(counters), 0) / all.length;
  return {
    received: mean(({ received }) => received),
    late: mean(({ late }) => late),
    concealedSamples: mean(({ concealedSamples }) => concealedSamples),
    totalSamples: mean(({ totalSamples }) => totalSamples),
    wireBytes: all.some(({ wireBytes }) => wireBytes === undefined)
      ? undefined
      : mean(({ wireBytes = 0 }) => wireBytes),
  };
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
