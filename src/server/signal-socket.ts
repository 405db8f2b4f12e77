import { WebSocket } from "ws";
import { isAcceptableSignal, MAX_SIGNAL_BYTES } from "../engine/transport/signal-message.ts";
import { TokenBucket } from "../engine/transport/token-bucket.ts";

/** Messages a second from one connection; a member joining a room of twelve sends about 150 at once. */
const MESSAGE_RATE = { perSecond: 50, burst: 400 } as const;

/** A connection that keeps sending rubbish is closed after this many rejected messages. */
const MAX_REJECTED = 100;

/** WebSocket close code for a violated policy (RFC 6455 §7.4.1). */
const POLICY_VIOLATION = 1008;

/**
 * A server-side socket that passes on only well-formed messages at a bounded rate. PeerServer attaches its own listeners
 * to the sockets it is given, so the filter sits where the socket emits.
 */
export class SignalSocket extends WebSocket {
  readonly #rate = new TokenBucket(MESSAGE_RATE, Date.now());
  #rejected = 0;

  override emit(event: string | symbol, ...parameters: unknown[]): boolean {
    if (event === "message" && !this.#accepts(parameters[0])) {
      this.#rejected += 1;
      if (this.#rejected === MAX_REJECTED) {
        this.close(POLICY_VIOLATION, "too many rejected messages");
      }
      return false;
    }
    return super.emit(event, ...parameters);
  }

  #accepts(data: unknown): boolean {
    return (
      this.#rejected < MAX_REJECTED &&
      this.#rate.take(Date.now()) &&
      Buffer.isBuffer(data) &&
      data.byteLength <= MAX_SIGNAL_BYTES &&
      isAcceptableSignal(data.toString("utf8"))
    );
  }
}
