import type { SideConnection } from "../../transport/side-connection.ts";
import type { PeerLink } from "../../transport/transport.ts";
import { TypedEventTarget } from "../../typed-event-target.ts";
import { parseBoundedJson } from "../core/bounded-json.ts";
import { BulkPacer, type VoicePathReport } from "../core/bulk-pacer.ts";
import {
  type ControlMessage,
  type ControlMessageOf,
  MAX_FILE_BYTES,
  MAX_METADATA_LENGTH,
} from "../core/control-message.ts";
import type { FileChunk } from "../core/file-chunk.ts";
import { toHex } from "../core/hex.ts";
import { safeFileName } from "../core/safe-file-name.ts";
import { safeMediaType } from "../core/safe-media-type.ts";
import type { Member } from "../member.ts";
import { BulkChannel } from "./bulk-channel.ts";
import { isFinal } from "./file-transfer.ts";
import { IncomingFile } from "./incoming-file.ts";
import { OutgoingFile } from "./outgoing-file.ts";

/** Offers and transfers from one peer at the same time. */
const MAX_INCOMING = 16;

/** The largest file that is taken unless the application says otherwise, in bytes. */
export const DEFAULT_MAX_INCOMING_BYTES = 2 * 1024 ** 3;

/** Files remembered after they are finished; the oldest go. */
const MAX_OUTGOING = 64;

/** What a file desk needs. */
export type FileDeskOptions = {
  /** The members of the room now. */
  readonly members: ReadonlyMap<string, Member>;
  /** Asks for a connection for files to a member; false when it cannot be had. See {@link FileDesk.sideConnected}. */
  readonly openSide?: (member: Member) => boolean;
  /** The most that one peer may have under way to this side, in bytes. Default 2 GiB. */
  readonly maxIncomingBytes?: number | undefined;
};

/** Events of a file desk. */
export type FileDeskEvents = {
  readonly offered: { readonly member: Member; readonly file: IncomingFile };
};

/** How to send a file. */
export type SendFileOptions = {
  /** What it is for: letters, digits, `-` and `_`. Default `"file"`. */
  readonly kind?: string;
  /** Anything that fits 4,096 characters of JSON. */
  readonly metadata?: unknown;
  /** The name to offer; that of a `File` by default. */
  readonly name?: string;
};

/** A connection for files is waited for this long before the bytes take the link that carries voice, ms. */
const SIDE_WAIT_MS = 4000;

/** What carries files between this side and one member: its link, and a connection of their own while there is one. */
type Desk = {
  readonly channel: BulkChannel;
  readonly pacer: BulkPacer;
  side: BulkChannel | undefined;
  /** Told when the connection for files is open. */
  readonly waiting: ((side: BulkChannel) => void)[];
};

/**
 * Sends and receives files, on a connection of their own to each member where it can be had: beside voice on one connection they keep
 * voice back (docs/decisions/0011). Main thread.
 */
export class FileDesk extends TypedEventTarget<FileDeskEvents> {
  readonly #options: FileDeskOptions;
  readonly #desks = new Map<string, Desk>();
  readonly #incoming = new Map<string, Map<string, IncomingFile>>();
  readonly #outgoing = new Map<string, OutgoingFile>();

  constructor(options: FileDeskOptions) {
    super();
    this.#options = options;
  }

  /** Offers `blob` to `members`. Throws RangeError for a file or metadata that is too large, TypeError for a bad kind. */
  offer(blob: Blob, members: readonly Member[], options: SendFileOptions = {}): OutgoingFile {
    const { kind = "file", metadata, name = blob instanceof File ? blob.name : kind } = options;
    const json = metadata === undefined ? undefined : JSON.stringify(metadata);
    if (blob.size > MAX_FILE_BYTES || (json?.length ?? 0) > MAX_METADATA_LENGTH) {
      throw new RangeError(
        `A file has at most ${MAX_FILE_BYTES} bytes and ${MAX_METADATA_LENGTH} characters of metadata`,
      );
    }
    if (!/^[\w-]{1,64}$/.test(kind)) {
      throw new TypeError("The kind of a file has 1 to 64 letters, digits, - or _");
    }
    const id = toHex(crypto.getRandomValues(new Uint8Array(8)));
    const description = { id, name: safeFileName(name), size: blob.size, mediaType: blob.type, kind, metadata };
    const file = new OutgoingFile(blob, description, {
      type: "file-offer",
      id,
      name: description.name,
      size: blob.size,
      mediaType: blob.type.slice(0, 128),
      kind,
      ...(json === undefined ? {} : { metadata: json }),
    });
    this.#forgetFinished();
    this.#outgoing.set(id, file);
    for (const member of members) {
      file.offerTo(member.id, this.#sendTo(member.id));
    }
    return file;
  }

  /** A member is linked: opens its bulk channel in this task, and goes on with what was interrupted. */
  linked(member: Member, link: PeerLink): void {
    this.#desks.get(member.id)?.channel.close();
    const pacer = new BulkPacer(performance.now());
    const channel = new BulkChannel(link.createBulkChannel(), pacer, (chunk) => this.#receiveChunk(member.id, chunk));
    const desk: Desk = { channel, pacer, side: undefined, waiting: [] };
    this.#desks.set(member.id, desk);
    channel.closed.addEventListener("abort", () => {
      // Without the link nobody is told how far the bytes have got.
      desk.side?.close();
      this.#setLinked(member.id, false);
    });
    for (const file of this.#outgoing.values()) {
      file.offerAgain(member.id, this.#sendTo(member.id));
    }
    this.#setLinked(member.id, true);
  }

  /** A connection for files to a member was made, by either side. What flows on it goes on over the link when it ends. */
  sideConnected(memberId: string, { channel, closed }: SideConnection): void {
    const desk = this.#desks.get(memberId);
    if (desk === undefined) return;
    const side = new BulkChannel(channel, desk.pacer, (chunk) => this.#receiveChunk(memberId, chunk));
    const opened = (): void => {
      desk.side = side;
      for (const tell of desk.waiting.splice(0)) tell(side);
    };
    if (channel.readyState === "open") opened();
    else channel.addEventListener("open", opened, { once: true, signal: side.closed });
    closed.addEventListener("abort", () => {
      side.close();
      if (desk.side === side) desk.side = undefined;
      if (desk.channel.closed.aborted) return;
      for (const file of this.#outgoing.values()) file.transferTo(memberId)?.resume(desk.channel);
    });
  }

  /** A member is gone. Unless it said goodbye, what is under way waits for it. */
  gone(member: Member, isForGood: boolean): void {
    this.#desks.get(member.id)?.channel.close();
    this.#desks.delete(member.id);
    if (!isForGood) {
      return;
    }
    for (const file of this.#incoming.get(member.id)?.values() ?? []) {
      file.end("failed", "cancelled", false);
    }
    this.#incoming.delete(member.id);
    for (const file of this.#outgoing.values()) {
      file.transferTo(member.id)?.end("failed", "cancelled", false);
    }
  }

  /** How voice fares on the way to `memberId`, twice a second. */
  reportVoice(memberId: string, report: VoicePathReport): void {
    this.#desks.get(memberId)?.pacer.report(report);
  }

  /** Takes a control message of a member; false when it is not about files. */
  receive(member: Member, message: ControlMessage): boolean {
    switch (message.type) {
      case "file-offer":
        this.#offered(member, message);
        return true;
      case "file-accept":
        void this.#accepted(member, message);
        return true;
      case "file-pause":
        this.#outgoing.get(message.id)?.transferTo(member.id)?.pause();
        return true;
      case "file-progress":
        this.#outgoing.get(message.id)?.transferTo(member.id)?.progressed(message.received);
        return true;
      case "file-received":
        this.#outgoing.get(message.id)?.transferTo(member.id)?.complete();
        return true;
      case "file-done":
        this.#incoming.get(member.id)?.get(message.id)?.finish(message.sha256);
        return true;
      case "file-cancel":
        this.#cancelled(member, message);
        return true;
      default:
        return false;
    }
  }

  /** Ends everything. */
  close(): void {
    for (const { channel, side } of this.#desks.values()) {
      channel.close();
      side?.close();
    }
    for (const files of this.#incoming.values()) {
      for (const file of files.values()) {
        file.end("failed", "cancelled", false);
      }
    }
    for (const file of this.#outgoing.values()) {
      file.cancel();
    }
  }

  #offered(member: Member, offer: ControlMessageOf<"file-offer">): void {
    const files = this.#incoming.get(member.id) ?? new Map<string, IncomingFile>();
    this.#incoming.set(member.id, files);
    if (files.has(offer.id)) {
      return;
    }
    for (const [id, { state }] of files) {
      if (isFinal(state)) {
        files.delete(id);
      }
    }
    const { id, name, size, mediaType, kind, metadata } = offer;
    const underWay = [...files.values()].reduce((sum, file) => sum + file.description.size, 0);
    const { maxIncomingBytes = DEFAULT_MAX_INCOMING_BYTES } = this.#options;
    if (files.size >= MAX_INCOMING || underWay + size > maxIncomingBytes) {
      member.send({ type: "file-cancel", id, reason: "quota" });
      return;
    }
    const parsed = metadata === undefined ? undefined : parseBoundedJson(metadata, MAX_METADATA_LENGTH);
    const file = new IncomingFile(
      {
        id,
        name: safeFileName(name),
        size,
        mediaType: safeMediaType(mediaType),
        kind,
        metadata: parsed !== undefined && "value" in parsed ? parsed.value : undefined,
      },
      this.#sendTo(member.id),
    );
    files.set(id, file);
    this.emit("offered", { member, file });
  }

  async #accepted(member: Member, { id, offset }: ControlMessageOf<"file-accept">): Promise<void> {
    const desk = this.#desks.get(member.id);
    const side = desk === undefined ? undefined : await this.#untilSide(member, desk);
    this.#outgoing
      .get(id)
      ?.transferTo(member.id)
      ?.start(offset, side ?? this.#desks.get(member.id)?.channel);
  }

  /** The connection for files, once it is open; undefined when it cannot be had in time. */
  #untilSide(member: Member, desk: Desk): Promise<BulkChannel | undefined> {
    if (desk.side !== undefined || this.#options.openSide?.(member) !== true) return Promise.resolve(desk.side);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), SIDE_WAIT_MS);
      desk.waiting.push((side) => {
        clearTimeout(timer);
        resolve(side);
      });
    });
  }

  #cancelled(member: Member, { id, reason }: ControlMessageOf<"file-cancel">): void {
    const state = reason === "declined" ? "declined" : reason === "cancelled" ? "cancelled" : "failed";
    this.#incoming.get(member.id)?.get(id)?.end(state, reason, false);
    this.#outgoing.get(id)?.transferTo(member.id)?.end(state, reason, false);
  }

  #receiveChunk(memberId: string, { id, offset, payload }: FileChunk): void {
    this.#incoming.get(memberId)?.get(id)?.receive(offset, payload);
  }

  #setLinked(memberId: string, isLinked: boolean): void {
    for (const file of this.#incoming.get(memberId)?.values() ?? []) {
      file.setLinked(isLinked);
    }
  }

  #sendTo(memberId: string): (message: ControlMessage) => void {
    return (message) => this.#options.members.get(memberId)?.send(message);
  }

  #forgetFinished(): void {
    for (const [id, file] of this.#outgoing) {
      if (this.#outgoing.size >= MAX_OUTGOING && file.isFinished) {
        this.#outgoing.delete(id);
      }
    }
  }
}
