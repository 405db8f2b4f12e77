import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildModule } from "../../scripts/setup/build-module.mjs";
import { Progress } from "../../scripts/setup/progress.mjs";
import { SetupError } from "../../scripts/setup/setup-error.mjs";

const project = fileURLToPath(new URL("../../", import.meta.url));

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "antiphon-build-"));
  cpSync(join(project, "wasm"), join(root, "wasm"), {
    recursive: true,
    filter: (path) => !path.includes(`${join("wasm", "dist")}`),
  });
  mkdirSync(join(root, "wasm/dist"));
  writeFileSync(join(root, "wasm/dist/core.wasm"), "the one that works");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A program that answers --version and otherwise does what `script` says. */
function compilerThat(script: string): string {
  const path = join(root, "fake-emcc");
  writeFileSync(
    path,
    `#!/bin/sh\nif [ "$1" = --version ]; then echo "fake 1.0 ${script.length}"; exit 0; fi\n${script}\n`,
  );
  chmodSync(path, 0o755);
  return path;
}

describe("building a module", () => {
  it("with a compiler that is not there says so and what it was for, and leaves the old module", async () => {
    const attempt = buildModule("core", {
      root,
      compiler: join(root, "nothing"),
      progress: new Progress({ write: () => true }),
    });
    await expect(attempt).rejects.toThrow(SetupError);
    await expect(attempt).rejects.toThrow(/Cannot build core\.wasm: Cannot run .*nothing/);
    expect(readFileSync(join(root, "wasm/dist/core.wasm"), "utf8")).toBe("the one that works");
  });

  it("with a compiler that fails says what it wrote and leaves the old module and no stamp", async () => {
    // The real, pinned sources are there after set-up; only the compiler is false.
    const cache = join(root, "cache");
    mkdirSync(cache);
    cpSync(join(project, ".cache/sources"), join(cache, "sources"), { recursive: true });
    const attempt = buildModule("core", {
      root,
      cache,
      compiler: compilerThat("echo 'fatal: out of luck' >&2; exit 3"),
      progress: new Progress({ write: () => true }),
    });
    await expect(attempt).rejects.toThrow("out of luck");
    expect(readFileSync(join(root, "wasm/dist/core.wasm"), "utf8")).toBe("the one that works");
    expect(existsSync(join(root, "wasm/dist/core.stamp"))).toBe(false);
  });
});
