import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

describe("README.md", () => {
  it("shows the examples that are type-checked, letter for letter", () => {
    const examples = [...read("README.md").matchAll(/<!-- example: (\S+) -->\n```ts\n([\s\S]*?)```/g)];
    expect(examples.length).toBeGreaterThan(0);
    for (const [, path = "", code] of examples) expect(code).toBe(read(path));
  });

  it("links only to files that exist", () => {
    for (const page of ["README.md", "ARCHITECTURE.md"]) {
      for (const [, target = ""] of read(page).matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
        expect(read(target).length, `${page} links to ${target}`).toBeGreaterThan(0);
      }
    }
  });

  it("names commands that exist", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const named = [...read("README.md").matchAll(/npm (?:run ([a-z]+)|(start|test))/g)].map(
      ([, run, short]) => run ?? short,
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => name === undefined || !(name in scripts))).toEqual([]);
  });
});
