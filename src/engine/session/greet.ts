import type { ControlChannel } from "./control-channel.ts";
import type { ControlMessage } from "./core/control-message.ts";
import { HANDSHAKE_MS, Handshake, type LinkPurpose } from "./core/handshake.ts";
import { RefusedError } from "./refused-error.ts";

/** What this side brings to a greeting. */
export type GreetOptions = {
  /** The room's access key. */
  readonly key: Uint8Array;
  readonly ownId: string;
  readonly purpose: LinkPurpose;
};

/** Who is at the other end, proved. */
export type Greeting = { readonly remoteId: string; readonly purpose: LinkPurpose; readonly sas: string };

/**
 * Both sides of a new link prove that they know the room's secret and see the same certificates. Resolves once the other
 * side has proved it; what it says next is kept until the caller releases the channel. Otherwise tells the other side, closes the link and rejects with
 * `RefusedError`. Takes {@link HANDSHAKE_MS} at most.
 */
export function greet(channel: ControlChannel, options: GreetOptions): Promise<Greeting> {
  const { link } = channel;
  const handshake = new Handshake({
    key: options.key,
    peerId: options.ownId,
    purpose: options.purpose,
    isInitiator: link.isInitiator,
    nonce: crypto.getRandomValues(new Uint8Array(16)),
    fingerprints: link.fingerprints(),
  });
  return new Promise((resolve, reject) => {
    const done = new AbortController();
    const end = (): void => {
      done.abort();
      clearTimeout(timer);
    };
    const fail = (error: RefusedError): void => {
      end();
      if (error.isOurVerdict) {
        channel.refuse(error.reason);
      } else {
        channel.close();
      }
      reject(error);
    };
    // A busy machine is no offender: the link ends without a verdict, and is tried again.
    const timer = setTimeout(() => fail(new RefusedError("protocol", false)), HANDSHAKE_MS);
    const receive = (message: ControlMessage): void => {
      const step = handshake.receive(message);
      switch (step.type) {
        case "pending":
          for (const reply of step.replies) {
            channel.send(reply);
          }
          return;
        case "proven":
          end();
          channel.hold();
          resolve({ remoteId: step.remoteId, purpose: step.purpose, sas: step.sas });
          return;
        case "failed":
          fail(new RefusedError(step.reason, step.isOurVerdict));
          return;
        default:
          step satisfies never;
      }
    };
    channel.addEventListener("message", ({ message }) => receive(message), { signal: done.signal });
    channel.addEventListener("closed", () => fail(new RefusedError("protocol", false)), { signal: done.signal });
    channel.send(handshake.start());
  });
}
