import { createBulkChannel, createVoiceChannel } from "./data-channels.ts";
import type { SideConnection, SideConnectionKind, SideSignal } from "./side-connection.ts";

/** How long it may take from creation until packets flow, ms: a handshake over a lossy path of half a second. */
const OPEN_MS = 20_000;
/** Candidates taken from the other end; a browser has a few for each of its networks and servers. */
const MAX_CANDIDATES = 64;

/** A side connection over WebRTC. */
export class RtcSideConnection implements SideConnection {
  readonly channel: RTCDataChannel;
  readonly #pc: RTCPeerConnection;
  readonly #send: (signal: SideSignal) => void;
  readonly #closed = new AbortController();
  readonly #timer: ReturnType<typeof setTimeout>;
  #candidates = 0;
  /** Signals are applied one after the other: a candidate waits for the description it belongs to. */
  #tail: Promise<void> = Promise.resolve();

  /** `config` is that of the link. `send` takes signals to the other end. */
  constructor(config: RTCConfiguration, kind: SideConnectionKind, send: (signal: SideSignal) => void) {
    const pc = new RTCPeerConnection(config);
    this.#pc = pc;
    this.#send = send;
    this.channel = kind === "voice" ? createVoiceChannel(pc) : createBulkChannel(pc);
    this.#timer = setTimeout(() => this.close(), OPEN_MS);
    pc.onicecandidate = ({ candidate }) => {
      if (candidate === null || candidate.candidate === "") return;
      const { sdpMid, sdpMLineIndex } = candidate;
      send({ kind: "candidate", candidate: candidate.candidate, mid: sdpMid ?? "", line: sdpMLineIndex ?? 0 });
    };
    pc.onconnectionstatechange = () => this.#follow();
  }

  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  offer(): void {
    this.#enqueue(() => this.#describe());
  }

  handle(signal: SideSignal): void {
    if (signal.kind === "candidate" && ++this.#candidates > MAX_CANDIDATES) return;
    this.#enqueue(() => this.#apply(signal));
  }

  close(): void {
    if (this.#closed.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#pc.close();
    this.#closed.abort();
  }

  #enqueue(task: () => Promise<void>): void {
    this.#tail = this.#tail
      .then(() => (this.#closed.signal.aborted ? undefined : task()))
      // A signal that does not fit the state of the connection leaves it as it is; one that never opens is closed in time.
      .catch(() => undefined);
  }

  async #apply(signal: SideSignal): Promise<void> {
    const pc = this.#pc;
    if (signal.kind === "candidate") {
      await pc.addIceCandidate({ candidate: signal.candidate, sdpMid: signal.mid, sdpMLineIndex: signal.line });
      return;
    }
    const { type, sdp } = signal;
    if (!isDataDescription(sdp) || pc.remoteDescription !== null) return;
    await pc.setRemoteDescription({ type, sdp });
    if (type === "offer") await this.#describe();
  }

  async #describe(): Promise<void> {
    await this.#pc.setLocalDescription();
    const description = this.#pc.localDescription;
    if (description === null || (description.type !== "offer" && description.type !== "answer")) return;
    this.#send({ kind: "description", type: description.type, sdp: description.sdp });
  }

  #follow(): void {
    const state = this.#pc.connectionState;
    if (state === "connected") clearTimeout(this.#timer);
    // Disconnected may be a few checks lost in a row; who sends on it notices silence sooner.
    if (state === "failed" || state === "closed") this.close();
  }
}

/** Whether a session description asks for data channels and nothing else: no camera is opened by a peer's wish. */
export function isDataDescription(sdp: string): boolean {
  const media = sdp.split(/\r\n|\n/).filter((line) => line.startsWith("m="));
  return media.length === 1 && media[0]?.startsWith("m=application ") === true;
}
