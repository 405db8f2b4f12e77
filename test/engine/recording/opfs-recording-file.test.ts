import { describe, expect, it } from "vitest";
import { OpfsRecordingFile, type SyncAccessHandle } from "../../../src/engine/recording/opfs-recording-file.ts";

const PAGE = new Uint8Array(1_000).fill(7);

/** A file of the platform on a disk of `room` bytes, which says in its own way that it is full. */
class SmallDisk implements SyncAccessHandle {
  readonly #room: number;
  readonly #refuse: (taken: number) => number;
  #size = 5;
  isClosed = false;

  constructor(room: number, refuse: (taken: number) => number) {
    this.#room = room;
    this.#refuse = refuse;
  }

  write(buffer: Uint8Array<ArrayBuffer>, { at }: { readonly at: number }): number {
    const taken = Math.min(buffer.length, this.#room - at);
    this.#size = Math.max(this.#size, at + taken);
    return taken === buffer.length ? taken : this.#refuse(taken);
  }

  truncate(size: number): void {
    this.#size = size;
  }

  getSize(): number {
    return this.#size;
  }

  flush(): void {
    if (this.#size > this.#room - 100) throw new DOMException("full", "QuotaExceededError");
  }

  close(): void {
    this.isClosed = true;
  }
}

const refusals = [
  [
    "throws",
    (): number => {
      throw new DOMException("full", "QuotaExceededError");
    },
  ],
  ["takes a part", (taken: number): number => taken],
  ["returns an error code without its sign, as Chromium does", (): number => 2 ** 32 - 8],
] as const;

describe("a recording file in the browser's file system", () => {
  it.each(refusals)("keeps whole pages only when a full disk %s", (_name, refuse) => {
    const disk = new SmallDisk(2_500, refuse);
    const file = new OpfsRecordingFile(disk);
    expect(disk.getSize()).toBe(0);
    file.write(PAGE, 0);
    file.write(PAGE, file.size);
    expect(() => file.write(PAGE, file.size)).toThrow(expect.objectContaining({ code: "storage-full" }));
    expect(file.size).toBe(2_000);
    expect(disk.getSize()).toBe(2_000);
    file.close();
    expect(disk.isClosed).toBe(true);
  });

  it("says that storage is full when it shows only at flushing, and is released all the same", () => {
    const disk = new SmallDisk(1_000, (taken) => taken);
    const file = new OpfsRecordingFile(disk);
    file.write(PAGE, 0);
    expect(() => file.flush()).toThrow(expect.objectContaining({ code: "storage-full" }));
    file.close();
    expect(disk.isClosed).toBe(true);
  });
});
