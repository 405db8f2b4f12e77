/** What a side connection carries: voice packets, or the chunks of files. */
export type SideConnectionKind = "voice" | "bulk";

/** What the two ends of a side connection tell each other, over their proved link. */
export type SideSignal =
  | { readonly kind: "description"; readonly type: "offer" | "answer"; readonly sdp: string }
  | { readonly kind: "candidate"; readonly candidate: string; readonly mid: string; readonly line: number };

/**
 * A further connection between two browsers that have a link, with a congestion window of its own and one channel. Its certificates
 * are vouched for by the link that its descriptions travel on, which has been proved. It has no restart: one that fails is replaced.
 * Main thread.
 */
export interface SideConnection {
  /** This side's end of the channel, negotiated. To be transferred, if at all, in the task that created the connection. */
  readonly channel: RTCDataChannel;
  /** Aborts when the connection is over, whoever ended it. */
  readonly closed: AbortSignal;
  /** Sends the offer. For the side that has opened the link. */
  offer(): void;
  /** Takes what the other end tells. What does not fit is dropped. */
  handle(signal: SideSignal): void;
  /** Ends the connection. Idempotent. */
  close(): void;
}
