import { keepAwake } from "../../../src/engine/keep-awake.ts";

/*
 * One side of a call with the browser's own WebRTC audio track, as an application without processing would make it. The bench
 * carries the descriptions from side to side.
 */

type NativeStatistics = {
  readonly concealedSamples: number;
  readonly silentConcealedSamples: number;
  readonly totalSamplesReceived: number;
};

let connection: RTCPeerConnection | undefined;

const current = (): RTCPeerConnection => {
  if (connection === undefined) throw new Error("The call has not been opened");
  return connection;
};

async function open(): Promise<void> {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  });
  connection = new RTCPeerConnection();
  for (const track of stream.getAudioTracks()) connection.addTrack(track, stream);
  connection.ontrack = ({ track, streams }) => {
    const remote = streams[0] ?? new MediaStream([track]);
    // Chromium decodes a remote track only while a media element plays it.
    const element = new Audio();
    element.srcObject = remote;
    element.muted = true;
    void element.play();
    const context = new AudioContext({ latencyHint: 0 });
    keepAwake(context);
    new MediaStreamAudioSourceNode(context, { mediaStream: remote }).connect(context.destination);
  };
}

/** The local description with all candidates. */
async function describe(): Promise<RTCSessionDescriptionInit> {
  const pc = current();
  await pc.setLocalDescription();
  if (pc.iceGatheringState !== "complete") {
    await new Promise<void>((resolve) => {
      pc.onicegatheringstatechange = () => pc.iceGatheringState === "complete" && resolve();
    });
  }
  const description = pc.localDescription;
  if (description === null) throw new Error("There is no local description");
  return { type: description.type, sdp: description.sdp };
}

async function accept(description: RTCSessionDescriptionInit): Promise<void> {
  await current().setRemoteDescription(description);
}

async function connected(): Promise<void> {
  const pc = current();
  while (pc.connectionState !== "connected") await new Promise((resolve) => setTimeout(resolve, 50));
}

async function statistics(): Promise<NativeStatistics> {
  const reports = [...(await current().getStats()).values()] as readonly Record<string, unknown>[];
  const inbound = reports.find((report) => report["type"] === "inbound-rtp") ?? {};
  const count = (name: string): number => Number(inbound[name] ?? 0);
  return {
    concealedSamples: count("concealedSamples"),
    silentConcealedSamples: count("silentConcealedSamples"),
    totalSamplesReceived: count("totalSamplesReceived"),
  };
}

/** What the bench calls in the page. */
export type NativeCallPage = {
  readonly open: typeof open;
  readonly describe: typeof describe;
  readonly accept: typeof accept;
  readonly connected: typeof connected;
  readonly statistics: typeof statistics;
};

const nativeCall: NativeCallPage = { open, describe, accept, connected, statistics };
Object.assign(globalThis, { nativeCall });
