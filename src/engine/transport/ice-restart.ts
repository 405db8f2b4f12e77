import type { DataConnection } from "peerjs";
import { sdpFingerprint } from "./sdp-fingerprint.ts";
import type { PrivateSignal } from "./signal-message.ts";
import type { SignallingClient } from "./signalling-client.ts";

/** An attempt that got no answer may be repeated after this long, in milliseconds. */
const ATTEMPT_MS = 2000;

/** What an ICE restart works on. */
export type IceRestartOptions = {
  readonly pc: RTCPeerConnection;
  readonly client: SignallingClient;
  readonly remoteId: string;
  readonly connection: DataConnection;
  readonly isInitiator: boolean;
  /** The remote certificate's fingerprint that was proved; a description with another one is refused. */
  readonly fingerprint: string;
};

/**
 * Renews the path of a peer connection by offer and answer through the signalling server (RFC 8839 §4.4.1). Only the
 * initiator of the link offers, so the two sides never collide; the other asks it to.
 */
export class IceRestart {
  readonly #options: IceRestartOptions;
  #startedMs = Number.NEGATIVE_INFINITY;

  constructor(options: IceRestartOptions) {
    this.#options = options;
    const { pc, client, remoteId, connection } = options;
    pc.onicecandidate = ({ candidate }) => {
      if (candidate !== null && candidate.candidate !== "") {
        client.sendCandidate(remoteId, connection.connectionId, candidate);
      }
    };
  }

  /** Sends an offer, or asks the initiator for one. Does nothing while an attempt is on its way. */
  async start(): Promise<void> {
    const nowMs = performance.now();
    if (nowMs - this.#startedMs < ATTEMPT_MS) {
      return;
    }
    this.#startedMs = nowMs;
    if (!this.#options.isInitiator) {
      this.#send({ kind: "restart-request" });
      return;
    }
    const { pc } = this.#options;
    if (pc.signalingState === "have-local-offer") {
      await pc.setLocalDescription({ type: "rollback" });
    }
    await pc.setLocalDescription(await pc.createOffer({ iceRestart: true }));
    this.#sendDescription("restart-offer");
  }

  /** Handles a message of the remote side when it is about this connection. */
  handle(event: { readonly src: string; readonly connectionId: string; readonly signal: PrivateSignal }): void {
    const { remoteId, connection } = this.#options;
    if (event.src !== remoteId || event.connectionId !== connection.connectionId) {
      return;
    }
    // A description that does not fit the state of the connection is as good as lost: the next attempt replaces it.
    this.#apply(event.signal).catch(() => undefined);
  }

  async #apply(signal: PrivateSignal): Promise<void> {
    const { pc, isInitiator, fingerprint } = this.#options;
    if (signal.kind === "restart-request" && isInitiator) {
      await this.start();
    } else if (signal.kind === "restart-offer" && !isInitiator) {
      if (signal.description.type === "offer" && sdpFingerprint(signal.description.sdp) === fingerprint) {
        await pc.setRemoteDescription(signal.description);
        await pc.setLocalDescription(await pc.createAnswer());
        this.#sendDescription("restart-answer");
      }
    } else if (signal.kind === "restart-answer" && isInitiator) {
      if (signal.description.type === "answer" && sdpFingerprint(signal.description.sdp) === fingerprint) {
        await pc.setRemoteDescription(signal.description);
      }
    }
  }

  #sendDescription(kind: "restart-offer" | "restart-answer"): void {
    const { localDescription } = this.#options.pc;
    if (localDescription !== null) {
      const type = kind === "restart-offer" ? "offer" : "answer";
      this.#send({ kind, description: { type, sdp: localDescription.sdp } });
    }
  }

  #send(signal: PrivateSignal): void {
    const { client, remoteId, connection } = this.#options;
    client.send(remoteId, signal, connection.connectionId);
  }
}
