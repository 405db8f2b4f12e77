import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SetupError } from "../../scripts/setup/setup-error.mjs";
import { downloadUrl, provideSource } from "../../scripts/setup/source-archives.mjs";
import { createLocalSource, type LocalSource } from "./local-source.ts";

const quietly = (): void => undefined;
const noApt = async (): Promise<void> => {
  throw new SetupError("there is no apt here");
};

let source: LocalSource;
beforeEach(() => {
  source = createLocalSource();
});
afterEach(() => source.remove());

/** Names left in the cache that a later run could mistake for something whole. */
const leftovers = (): readonly string[] =>
  existsSync(source.cache)
    ? readdirSync(source.cache, { recursive: true, encoding: "utf8" }).filter((name) =>
        /partial|hello\.c|\.tar$/.test(name),
      )
    : [];

describe("a pinned source", () => {
  it("is unpacked once, and after that needs neither network nor archive", async () => {
    let fetched = 0;
    const fetchDebian = async (_: unknown, into: string): Promise<void> => {
      fetched += 1;
      await writeFile(into, source.archive);
    };
    const folder = await provideSource(source.pin, source.cache, quietly, { fetchDebian });
    expect(readFileSync(join(folder, "hello.c"), "utf8")).toContain("42");
    expect(await provideSource(source.pin, source.cache, quietly, { fetchDebian })).toBe(folder);
    expect(fetched).toBe(1);
  });

  it("comes from upstream, over HTTP, where there is no apt", async () => {
    const server = createServer((_, response) => response.end(source.archive));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const pin = { ...source.pin, upstream: { ...source.pin.upstream, url: `http://127.0.0.1:${port}/toy-1.0.tar` } };
    try {
      const folder = await provideSource(pin, source.cache, quietly, { fetchDebian: noApt });
      expect(existsSync(join(folder, "hello.c"))).toBe(true);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it("with a wrong hash is refused with both hashes, and leaves nothing behind", async () => {
    const tampered = source.archive.slice();
    tampered[600] = (tampered[600] ?? 0) ^ 1;
    const routes = {
      fetchDebian: async (_: unknown, into: string): Promise<void> => writeFile(into, tampered),
      fetchUrl: async (_: string, into: string): Promise<void> => writeFile(into, tampered),
    };
    const attempt = provideSource(source.pin, source.cache, quietly, routes);
    await expect(attempt).rejects.toThrow(SetupError);
    await expect(attempt).rejects.toThrow(`expected ${source.pin.debian.sha256}`);
    expect(leftovers()).toEqual([]);
  });

  it("without a network stops with every route's reason and the remedy, and leaves nothing behind", async () => {
    const attempt = provideSource(source.pin, source.cache, quietly, { fetchDebian: noApt, fetchUrl: downloadUrl });
    await expect(attempt).rejects.toThrow(/there is no apt here[\s\S]*cannot be reached[\s\S]*Check the network/);
    expect(leftovers()).toEqual([]);
  });

  it("that the server does not have is reported with the status", async () => {
    const server = createServer((_, response) => response.writeHead(404).end("no"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const into = join(source.folder, "download");
      await expect(downloadUrl(`http://127.0.0.1:${port}/`, into)).rejects.toThrow("status 404");
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it("goes on after an interruption: a cut archive is fetched again, a half-unpacked folder made anew", async () => {
    const archives = join(source.cache, "archives");
    mkdirSync(archives, { recursive: true });
    writeFileSync(join(archives, source.pin.debian.file), source.archive.subarray(0, 700));
    const partial = join(source.cache, "sources", `toy-1.0-${source.pin.debian.sha256.slice(0, 12)}.partial`);
    mkdirSync(join(partial, "toy-1.0"), { recursive: true });
    writeFileSync(join(partial, "toy-1.0/stale.c"), "half");
    const fetchDebian = async (_: unknown, into: string): Promise<void> => writeFile(into, source.archive);
    const folder = await provideSource(source.pin, source.cache, quietly, { fetchDebian });
    expect(readdirSync(folder)).toEqual(["hello.c"]);
    expect(existsSync(partial)).toBe(false);
  });
});
