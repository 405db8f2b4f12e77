import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withLock } from "../../scripts/setup/setup-lock.mjs";

let folder = "";
let lock = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "antiphon-lock-"));
  lock = join(folder, "deep/setup.lock");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the set-up lock", () => {
  it("lets one work at a time and says who is waited for", async () => {
    const order: string[] = [];
    const waitedFor: number[] = [];
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let first: Promise<void> | undefined;
    await new Promise<void>((resolve) => {
      first = withLock(lock, async () => {
        order.push("first begins");
        resolve();
        await held;
        order.push("first ends");
      });
    });
    const second = withLock(lock, async () => order.push("second"), {
      onWait: (pid: number) => {
        waitedFor.push(pid);
        release();
      },
    });
    await Promise.all([first, second]);
    expect(order).toEqual(["first begins", "first ends", "second"]);
    expect(waitedFor).toEqual([process.pid]);
    expect(existsSync(lock)).toBe(false);
  });

  it("is released when the work fails", async () => {
    await expect(withLock(lock, () => Promise.reject(new Error("no luck")))).rejects.toThrow("no luck");
    await expect(withLock(lock, async () => "fine")).resolves.toBe("fine");
  });

  it("is taken over from a process that was killed", async () => {
    await withLock(lock, async () => undefined);
    // No process has this number: Linux ends at 4 194 304.
    writeFileSync(lock, "99999999 0\n");
    await expect(withLock(lock, async () => "mine")).resolves.toBe("mine");
  });

  it("is taken over from a process that has not shown life for long", async () => {
    await withLock(lock, async () => undefined);
    writeFileSync(lock, `${process.pid} 0\n`);
    utimesSync(lock, new Date(0), new Date(0));
    await expect(withLock(lock, async () => "mine")).resolves.toBe("mine");
  });
});
