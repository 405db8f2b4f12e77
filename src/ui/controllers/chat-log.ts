import { type IncomingFile, type OutgoingFile, type Room, TypedEventTarget } from "../../engine/index.ts";

/** One entry of the chat. `text` is as untrusted as its sender: render it as text, never as markup. */
export type ChatEntry = {
  readonly id: number;
  readonly author: string;
  readonly isOwn: boolean;
  readonly text: string;
  /** A file instead of a text. */
  readonly file?: { readonly incoming: IncomingFile } | { readonly outgoing: OutgoingFile };
  /** Milliseconds since 1970. */
  readonly at: number;
};

/** Entries kept; older ones go. */
const MAX_ENTRIES = 500;

/** The chat of the current room, as long as the page is open. */
export class ChatLog extends TypedEventTarget<{ change: object }> {
  #entries: readonly ChatEntry[] = [];
  #room: Room | undefined;
  #unread = 0;
  #isOpen = false;
  #nextId = 1;

  /** Oldest first. */
  get entries(): readonly ChatEntry[] {
    return this.#entries;
  }

  /** Entries that came while the drawer was closed. */
  get unread(): number {
    return this.#unread;
  }

  /** Whether the drawer is open. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Opens or closes the drawer. */
  toggle(isOpen = !this.#isOpen): void {
    this.#isOpen = isOpen;
    this.#unread = isOpen ? 0 : this.#unread;
    this.emit("change", {});
  }

  /** Begins with a room, until `signal` aborts. */
  follow(room: Room, signal: AbortSignal): void {
    this.#room = room;
    this.#entries = [];
    this.#unread = 0;
    room.addEventListener("chat", ({ peer, text }) => this.#add({ author: peer.name, isOwn: false, text }), { signal });
    room.addEventListener(
      "file-offered",
      ({ peer, file }) => {
        // Other kinds have screens of their own: voice notes.
        if (file.description.kind === "file") {
          this.#add({ author: peer.name, isOwn: false, text: file.description.name, file: { incoming: file } });
        }
      },
      { signal },
    );
    signal.addEventListener("abort", () => {
      this.#room = undefined;
      this.toggle(false);
    });
    this.emit("change", {});
  }

  /** Says something to everybody. Throws RangeError when it is longer than 4,000 characters. */
  send(text: string): void {
    if (this.#room !== undefined && text.trim() !== "") {
      this.#room.sendChat(text);
      this.#add({ author: "You", isOwn: true, text });
    }
  }

  /** Offers a file to everybody in the room. */
  sendFile(file: File): void {
    if (this.#room !== undefined) {
      const outgoing = this.#room.sendFile(file, { name: file.name });
      this.#add({ author: "You", isOwn: true, text: file.name, file: { outgoing } });
    }
  }

  #add(entry: Omit<ChatEntry, "id" | "at">): void {
    this.#entries = [...this.#entries.slice(1 - MAX_ENTRIES), { ...entry, id: this.#nextId++, at: Date.now() }];
    if (!this.#isOpen && !entry.isOwn) {
      this.#unread += 1;
    }
    this.emit("change", {});
  }
}
