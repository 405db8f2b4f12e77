import type { ControlMessageOf } from "../core/control-message.ts";

/**
 * Where a transfer stands. `interrupted` goes on by itself when the other side is back, `paused` when the receiver
 * resumes it; the last four are final.
 */
export type FileTransferState =
  | "offered"
  | "transferring"
  | "paused"
  | "interrupted"
  | "done"
  | "declined"
  | "cancelled"
  | "failed";

/** Why a transfer ended before it was complete. */
export type FileCancelReason = ControlMessageOf<"file-cancel">["reason"];

/** What a file is, as its sender says. */
export type FileDescription = {
  /** 16 hexadecimal digits, the same on both sides. */
  readonly id: string;
  /** Fit for saving: no path, no invisible characters. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** A media type that runs nothing, or `application/octet-stream`. */
  readonly mediaType: string;
  /** What the file is for, such as `"file"` or `"voice-note"`: letters, digits, `-` and `_`. */
  readonly kind: string;
  /** Whatever JSON the sender put there: untrusted. */
  readonly metadata: unknown;
};

/** Whether nothing more will happen to a transfer. */
export function isFinal(state: FileTransferState): boolean {
  return state === "done" || state === "declined" || state === "cancelled" || state === "failed";
}
