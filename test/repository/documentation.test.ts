import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { describe, expect, it } from "vitest";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

/** Every page of the documentation, by its path in the repository. */
const pages = [
  "README.md",
  "ARCHITECTURE.md",
  ...readdirSync(new URL("../../docs", import.meta.url))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

describe("the documentation", () => {
  it("shows the examples that are type-checked, letter for letter", () => {
    const examples = pages.flatMap((page) => [
      ...read(page).matchAll(/<!-- example: (\S+) -->\n+```ts\n([\s\S]*?)```/g),
    ]);
    expect(examples.length).toBeGreaterThan(2);
    for (const [, path = "", code] of examples) expect(code).toBe(read(path));
  });

  it("links only to files that exist", () => {
    for (const page of pages) {
      for (const [, target = ""] of read(page).matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)) {
        expect(read(join(dirname(page), target)).length, `${page} links to ${target}`).toBeGreaterThan(0);
      }
    }
  });

  it("names commands that exist", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const named = pages.flatMap((page) =>
      [...read(page).matchAll(/npm (?:run ([a-z]+)|(start|test))/g)].map(([, run, short]) => run ?? short),
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => name === undefined || !(name in scripts))).toEqual([]);
  });

  it("has a remedy for every error code", () => {
    const union = /export type VoiceErrorCode =([^;]+);/.exec(read("src/engine/voice-error.ts"))?.[1] ?? "";
    const codes = [...union.matchAll(/"([a-z-]+)"/g)].map(([, code]) => code);
    const headings = [...read("docs/troubleshooting.md").matchAll(/^## `([a-z-]+)`$/gm)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(10);
    expect(headings).toEqual(codes);
  });
});
