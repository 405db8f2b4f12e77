/** How datagrams fared on a channel between two connections of this page. */
export type DatagramLoop = {
  readonly isOpen: boolean;
  /** From the first offer to the open channel. */
  readonly openMs: number;
  readonly sent: number;
  readonly returned: number;
  /** Median of the way there and back. */
  readonly medianMs: number;
};

/** Longest wait for the channel to open, ms. */
const OPEN_MS = 5000;
/** Between two datagrams, ms: the pace of voice. */
const PACE_MS = 10;

/** What to send around, and how. */
export type DatagramLoopOptions = {
  /** Datagrams; 0 only opens the channel. */
  readonly count: number;
  /** With TURN servers everything goes through them and nothing else: the way of a relay-only call. */
  readonly relays?: readonly RTCIceServer[];
};

/**
 * Opens an unordered channel without retransmission between two connections of this page and sends datagrams around at the pace
 * of voice: over this machine alone, or through `relays`. Main thread of a browser.
 */
export async function loopDatagrams({ count, relays }: DatagramLoopOptions): Promise<DatagramLoop> {
  const started = performance.now();
  const configuration: RTCConfiguration =
    relays === undefined ? {} : { iceServers: [...relays], iceTransportPolicy: "relay" };
  const near = new RTCPeerConnection(configuration);
  const far = new RTCPeerConnection(configuration);
  const farIsReady = passCandidates(near, far);
  const nearIsReady = passCandidates(far, near);
  const shape = { negotiated: true, id: 1, ordered: false, maxRetransmits: 0 };
  const channel = near.createDataChannel("there", shape);
  const mirror = far.createDataChannel("there", shape);
  mirror.onmessage = ({ data }: MessageEvent<string>) => mirror.send(data);
  try {
    await near.setLocalDescription();
    await far.setRemoteDescription(near.localDescription ?? { type: "offer" });
    farIsReady();
    await far.setLocalDescription();
    await near.setRemoteDescription(far.localDescription ?? { type: "answer" });
    nearIsReady();
    const isOpen = await opened(channel);
    const openMs = performance.now() - started;
    const trips = isOpen ? await sendAround(channel, count) : [];
    const sorted = [...trips].sort((a, b) => a - b);
    return { isOpen, openMs, sent: count, returned: trips.length, medianMs: sorted[sorted.length >> 1] ?? 0 };
  } finally {
    near.close();
    far.close();
  }
}

/** Hands candidates on, once the returned function has said that `to` knows its other side. */
function passCandidates(from: RTCPeerConnection, to: RTCPeerConnection): () => void {
  const early: RTCIceCandidate[] = [];
  let isReady = false;
  // A candidate that the other side cannot use is one way less; whether any way is left shows in the channel.
  const pass = (candidate: RTCIceCandidate): void => void to.addIceCandidate(candidate).catch(() => undefined);
  from.onicecandidate = ({ candidate }) => {
    if (candidate === null) return;
    if (isReady) pass(candidate);
    else early.push(candidate);
  };
  return () => {
    isReady = true;
    for (const candidate of early) pass(candidate);
  };
}

function opened(channel: RTCDataChannel): Promise<boolean> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), OPEN_MS);
    channel.onopen = () => resolve(true);
  });
}

async function sendAround(channel: RTCDataChannel, count: number): Promise<readonly number[]> {
  const trips: number[] = [];
  channel.onmessage = ({ data }: MessageEvent<string>) => {
    trips.push(performance.now() - Number(data));
  };
  for (let i = 0; i < count; i++) {
    channel.send(String(performance.now()));
    await new Promise((resolve) => setTimeout(resolve, PACE_MS));
  }
  await new Promise((resolve) => setTimeout(resolve, PACE_MS * 20));
  return trips;
}
