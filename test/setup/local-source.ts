import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PinnedSource } from "../../scripts/setup/source-archives.mjs";

/** A folder of this test's own and an archive in it that stands for an upstream release. */
export type LocalSource = {
  readonly folder: string;
  readonly cache: string;
  /** The archive, as either route would deliver it. */
  readonly archive: Uint8Array;
  /** A pin whose hashes are right. */
  readonly pin: PinnedSource;
  remove(): void;
};

/** Packs `toy-1.0/hello.c` and pins it. */
export function createLocalSource(): LocalSource {
  const folder = mkdtempSync(join(tmpdir(), "antiphon-setup-"));
  mkdirSync(join(folder, "toy-1.0"));
  writeFileSync(join(folder, "toy-1.0/hello.c"), "int hello(void) { return 42; }\n");
  const path = join(folder, "toy.tar");
  execFileSync("tar", ["--create", "--file", path, "--directory", folder, "toy-1.0"]);
  const archive = new Uint8Array(readFileSync(path));
  const sha256 = createHash("sha256").update(archive).digest("hex");
  return {
    folder,
    cache: join(folder, "cache"),
    archive,
    pin: {
      version: "1.0",
      folder: "toy-1.0",
      debian: { package: "toy", suites: ["sid"], file: "toy_1.0.orig.tar", sha256 },
      upstream: { url: "http://127.0.0.1:9/toy-1.0.tar", sha256 },
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
