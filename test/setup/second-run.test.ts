import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

describe("set-up", () => {
  it("does nothing the second time", () => {
    const script = fileURLToPath(new URL("../../scripts/setup.mjs", import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [script], { encoding: "utf8" });
    expect(status).toBe(0);
    // Every step that does something announces itself.
    expect(stderr).not.toMatch(/[…✓✗]/);
  });
});
