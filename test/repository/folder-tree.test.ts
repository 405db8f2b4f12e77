import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Folders under version control, without a slash at the end. */
function trackedFolders(): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const file of execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).split("\n")) {
    const parts = file.split("/").slice(0, -1);
    for (let depth = 1; depth <= parts.length; depth++) folders.add(parts.slice(0, depth).join("/"));
  }
  return folders;
}

/** Folders drawn in ARCHITECTURE.md: each line is `name/ description`, two spaces deeper than its parent. */
function drawnFolders(): readonly string[] {
  const page = readFileSync(`${root}ARCHITECTURE.md`, "utf8");
  const block = /<!-- folder-tree -->\n```\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
  const trail: string[] = [];
  return block
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const match = /^( *)([\w.@/-]+)\/ {2,}\S/.exec(line);
      if (match === null) throw new Error(`ARCHITECTURE.md draws something else than "name/  description": ${line}`);
      const depth = (match[1]?.length ?? 0) / 2;
      trail.length = depth;
      trail.push(match[2] ?? "");
      return trail.join("/");
    });
}

/** How deep the drawing goes: what the engine and the rest of src are made of, and the folders of everything else. */
const isDrawn = (folder: string): boolean => folder.split("/").length <= (folder.startsWith("src/") ? 3 : 2);

describe("the folder tree of ARCHITECTURE.md", () => {
  it("draws every folder that is under version control, and none besides", () => {
    const drawn = drawnFolders();
    const tracked = trackedFolders();
    expect([...tracked].filter(isDrawn).sort()).toEqual(drawn.filter(isDrawn).sort());
    expect(drawn.filter((folder) => !tracked.has(folder))).toEqual([]);
  });
});
