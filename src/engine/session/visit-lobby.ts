import type { Transport } from "../transport/transport.ts";
import { ControlChannel } from "./control-channel.ts";
import type { ControlMessageOf } from "./core/control-message.ts";
import { greet } from "./greet.ts";
import { RefusedError } from "./refused-error.ts";

/** How long the holder of a meeting point may take to be reached, ms. */
const CONNECT_MS = 6000;

/** How long it may take to answer, unless it says that its host is being asked, ms. */
const ANSWER_MS = 6000;

/** What a visit needs. */
export type VisitOptions = {
  readonly transport: Transport;
  /** The meeting point. */
  readonly id: string;
  readonly key: Uint8Array;
  /** The name to give. */
  readonly name: string;
  /** The host is being asked: the answer may take minutes. */
  readonly onWaiting: () => void;
  readonly signal: AbortSignal;
};

/**
 * Asks whoever holds a meeting point for a seat in the room. Rejects with `RefusedError` when turned away, and with
 * VoiceError when nobody is there.
 */
export async function visitLobby(options: VisitOptions): Promise<ControlMessageOf<"seat">> {
  const { transport, id, key, name, onWaiting, signal } = options;
  const link = await transport.connect(id, { timeoutMs: CONNECT_MS, signal });
  const channel = new ControlChannel(link);
  await greet(channel, { key, ownId: transport.localId, purpose: "lobby" });
  try {
    return await new Promise((resolve, reject) => {
      const done = new AbortController();
      const settle = (act: () => void): void => {
        done.abort();
        clearTimeout(timer);
        act();
      };
      const silent = (): void => settle(() => reject(new RefusedError("protocol", false)));
      const timer = setTimeout(silent, ANSWER_MS);
      channel.addEventListener(
        "message",
        ({ message }) => {
          if (message.type === "seat") {
            settle(() => resolve(message));
          } else if (message.type === "refuse") {
            settle(() => reject(new RefusedError(message.reason, false)));
          } else if (message.type === "wait") {
            clearTimeout(timer);
            onWaiting();
          }
        },
        { signal: done.signal },
      );
      channel.addEventListener("closed", silent, { signal: done.signal });
      signal.addEventListener("abort", silent, { signal: done.signal });
      channel.send({ type: "visit", name });
      channel.release();
    });
  } finally {
    channel.close();
  }
}
