import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { checkLayers, findCycles } from "./check-layers.ts";
import { LAYERS } from "./layer-rules.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const tree = new Map(
  readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => [`src/${path.replaceAll("\\", "/")}`, readFileSync(join(root, "src", path), "utf8")] as const),
);

const violationsOf = (path: string, source: string): readonly string[] => checkLayers(new Map([[path, source]]));

describe("layers of the source tree", () => {
  it("imports only downwards", () => {
    expect(tree.size).toBeGreaterThan(20);
    expect(checkLayers(tree)).toEqual([]);
  });

  it("has no import cycles", () => {
    expect(findCycles(tree)).toEqual([]);
  });

  it("is a partial order itself", () => {
    const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
      (LAYERS[from]?.imports ?? []).some((next) => {
        if (next === to) return true;
        if (seen.has(next)) return false;
        seen.add(next);
        return reaches(next, to, seen);
      });
    for (const name of Object.keys(LAYERS)) {
      expect(LAYERS[name]?.imports.filter((other) => !(other in LAYERS))).toEqual([]);
      expect({ name, reachesItself: reaches(name, name) }).toEqual({ name, reachesItself: false });
    }
  });
});

describe("the layers check", () => {
  const core = "src/engine/jitter-buffer/histogram.ts";
  it.each([
    ["a plain import", `import { Room } from "../session/room.ts";`],
    ["a side-effect import", `import "../session/room.ts";`],
    ["a type import", `import type { Room } from "../session/room.ts";`],
    ["a re-export", `export { Room } from "../session/room.ts";`],
    ["a star re-export", `export * from "../session/room.ts";`],
    ["a dynamic import", `const room = await import("../session/room.ts");`],
    ["an import in a type", `export type Room = import("../session/room.ts").Room;`],
    ["a winding path", `import "../media/../../engine/./session/room.ts";`],
    ["a query on the path", `import url from "../session/room.ts?worker&url";`],
    ["a URL beside the module", `export const url = new URL("../session/room.ts", import.meta.url);`],
    ["a triple-slash reference", `/// <reference path="../session/room.ts" />\nexport {};`],
    ["a computed import", `export const load = (name: string) => import(name);`],
    ["a glob", `export const all = import.meta.glob("../session/*.ts");`],
    ["an absolute path", `import "/src/engine/session/room.ts";`],
    ["a package", `import { html } from "lit";`],
    ["a Node module", `import { readFileSync } from "node:fs";`],
    ["a file outside src", `import "../../../bench/main.ts";`],
    ["require", `const room = require("../session/room.ts");`],
  ])("sees through %s", (_form, source) => {
    expect(violationsOf(core, source)).toHaveLength(1);
  });

  it("does not mistake a comment or a string for an import", () => {
    const source = `// import "../session/room.ts"\nexport const text = 'import "../session/room.ts"';`;
    expect(violationsOf(core, source)).toEqual([]);
  });

  it("allows what the order allows", () => {
    expect(violationsOf(core, `import { SAMPLE_RATE } from "../media/units.ts";`)).toEqual([]);
    expect(violationsOf("src/ui/screens/call.ts", `import { VoiceEngine } from "../../engine/index.ts";`)).toEqual([]);
  });

  it("lets the page use the engine through its public edge only", () => {
    expect(violationsOf("src/ui/screens/call.ts", `import "../../engine/voice-engine.ts";`)).toHaveLength(1);
  });

  it("refuses a file that belongs to no layer", () => {
    expect(violationsOf("src/misc/helpers.ts", "export {};")).toHaveLength(1);
  });

  it("finds a cycle made of type imports", () => {
    const cycle = new Map([
      ["src/engine/media/a.ts", `import type { B } from "./b.ts"; export type A = B;`],
      ["src/engine/media/b.ts", `import type { A } from "./a.ts"; export type B = A;`],
    ]);
    expect(findCycles(cycle)).toEqual([["src/engine/media/a.ts", "src/engine/media/b.ts", "src/engine/media/a.ts"]]);
  });
});
