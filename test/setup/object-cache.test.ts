import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compileObjects } from "../../scripts/setup/object-cache.mjs";

let folder = "";
let units: { path: string; flags: string[]; origin: string }[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "antiphon-objects-"));
  mkdirSync(join(folder, "source"));
  units = ["a", "b", "c"].map((name) => {
    const path = join(folder, "source", `${name}.c`);
    writeFileSync(path, `${name}\n`);
    return { path, flags: ["-O3"], origin: "toy" };
  });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A stand-in for a compiler: copies each C file to an object, notes its calls, and fails on the files named in `broken`. */
function fakeCompiler(broken: readonly string[] = []): string {
  const path = join(folder, "fake-cc");
  const failures = broken.map((name) => `*/${name}.c) echo "${name}.c:1: error: unexpected" >&2; exit 1;;`).join(" ");
  writeFileSync(
    path,
    `#!/bin/sh
for word in "$@"; do case "$word" in ${failures} *.c) echo "$word" >> "${folder}/calls"; cp "$word" "$(basename "$word" .c).o";; esac; done
`,
  );
  chmodSync(path, 0o755);
  return path;
}

const calls = (): number => {
  try {
    return readFileSync(join(folder, "calls"), "utf8").trim().split("\n").length;
  } catch {
    return 0;
  }
};

const compile = (compiler: string, compilerVersion = "1"): Promise<readonly string[]> =>
  compileObjects(units, { compiler, compilerVersion, cache: join(folder, "objects") }, () => undefined);

describe("the object cache", () => {
  it("compiles each file once, and again only what changed", async () => {
    const compiler = fakeCompiler();
    const objects = await compile(compiler);
    expect(objects.map((path) => readFileSync(path, "utf8"))).toEqual(["a\n", "b\n", "c\n"]);
    expect(calls()).toBe(3);
    await compile(compiler);
    expect(calls()).toBe(3);
    writeFileSync(units[1]?.path ?? "", "changed\n");
    const [, changed = ""] = await compile(compiler);
    expect(readFileSync(changed, "utf8")).toBe("changed\n");
    expect(calls()).toBe(4);
  });

  it("compiles everything anew with another compiler", async () => {
    const compiler = fakeCompiler();
    await compile(compiler);
    await compile(compiler, "2");
    expect(calls()).toBe(6);
  });

  it("says what the compiler says when it fails, keeps no half-made object, and goes on after the repair", async () => {
    await expect(compile(fakeCompiler(["b"]))).rejects.toThrow("b.c:1: error: unexpected");
    expect(readdirSync(join(folder, "objects")).filter((name) => name.includes("partial"))).toEqual([]);
    const objects = await compile(fakeCompiler());
    expect(objects.map((path) => readFileSync(path, "utf8"))).toEqual(["a\n", "b\n", "c\n"]);
  });

  it("names a compiler that is not there", async () => {
    await expect(compile(join(folder, "no-such-cc"))).rejects.toThrow(/Cannot run .*no-such-cc/);
  });
});
