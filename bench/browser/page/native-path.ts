import type { PathPackets } from "../latency-cell.ts";

/** A path under test between two nodes of one context. */
export type PathUnderTest = {
  /** Plays what arrived. */
  readonly output: AudioNode;
  packets(): Promise<PathPackets>;
  close(): void;
};

/**
 * The browser's own WebRTC audio track between two peer connections of this page, as an application would use it: from
 * Web Audio into a track by a MediaStreamAudioDestinationNode, back by a MediaStreamAudioSourceNode.
 */
export async function openNativePath(context: AudioContext, input: AudioNode): Promise<PathUnderTest> {
  const sender = new RTCPeerConnection();
  const receiver = new RTCPeerConnection();
  const forward = (from: RTCPeerConnection, to: RTCPeerConnection): void => {
    from.onicecandidate = ({ candidate }) => void to.addIceCandidate(candidate ?? undefined);
  };
  forward(sender, receiver);
  forward(receiver, sender);

  const bridge = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
  input.connect(bridge);
  const arrived = new Promise<MediaStream>((resolve) => {
    receiver.ontrack = ({ track, streams }) => resolve(streams[0] ?? new MediaStream([track]));
  });
  for (const track of bridge.stream.getAudioTracks()) sender.addTrack(track, bridge.stream);
  await sender.setLocalDescription();
  if (sender.localDescription) await receiver.setRemoteDescription(sender.localDescription);
  await receiver.setLocalDescription();
  if (receiver.localDescription) await sender.setRemoteDescription(receiver.localDescription);

  const stream = await arrived;
  // Chromium decodes a remote track only while a media element plays it.
  const element = new Audio();
  element.srcObject = stream;
  element.muted = true;
  await element.play();
  const output = new MediaStreamAudioSourceNode(context, { mediaStream: stream });
  const packets = async (): Promise<PathPackets> => {
    const reports = [...(await receiver.getStats()).values()] as readonly (RTCStats & Record<string, unknown>)[];
    const inbound = reports.find((report) => report.type === "inbound-rtp") ?? {};
    const count = (name: string): number => {
      const value = inbound[name as keyof typeof inbound] as unknown;
      return typeof value === "number" ? value : 0;
    };
    return {
      received: count("packetsReceived"),
      late: count("packetsDiscarded"),
      concealedSamples: count("concealedSamples"),
      totalSamples: count("totalSamplesReceived"),
    };
  };
  return {
    output,
    packets,
    close: () => {
      element.srcObject = null;
      sender.close();
      receiver.close();
    },
  };
}
