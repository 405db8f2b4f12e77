/** How datagrams fared on a channel between two connections of this page. */
export type Loop = {
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

/** Opens an unordered channel without retransmission between two connections of this page and sends `count` datagrams around. */
export async function loopDatagrams(count: number): Promise<Loop> {
  const started = performance.now();
  const near = new RTCPeerConnection();
  const far = new RTCPeerConnection();
  near.onicecandidate = ({ candidate }) => void far.addIceCandidate(candidate ?? undefined);
  far.onicecandidate = ({ candidate }) => void near.addIceCandidate(candidate ?? undefined);
  const shape = { negotiated: true, id: 1, ordered: false, maxRetransmits: 0 };
  const channel = near.createDataChannel("there", shape);
  const mirror = far.createDataChannel("there", shape);
  mirror.onmessage = ({ data }: MessageEvent<string>) => mirror.send(data);
  try {
    await near.setLocalDescription();
    await far.setRemoteDescription(near.localDescription ?? { type: "offer" });
    await far.setLocalDescription();
    await near.setRemoteDescription(far.localDescription ?? { type: "answer" });
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
