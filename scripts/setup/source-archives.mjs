import { createWriteStream } from "node:fs";
import { access, mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { hashFile } from "./content-hash.mjs";
import { downloadDebianSource } from "./debian-source.mjs";
import { runCommand } from "./run-command.mjs";
import { SetupError } from "./setup-error.mjs";

/**
 * One pinned upstream archive of wasm/sources.json. The two files hold the same release, packed differently.
 *
 * @typedef {{
 *   readonly version: string,
 *   readonly folder: string,
 *   readonly debian: { readonly package: string, readonly suites: readonly string[], readonly file: string, readonly sha256: string },
 *   readonly upstream: { readonly url: string, readonly sha256: string },
 * }} PinnedSource
 */

/**
 * @param {string} root the repository
 * @returns {Promise<Readonly<Record<string, PinnedSource>>>}
 */
export async function readPinnedSources(root) {
  return JSON.parse(await readFile(join(root, "wasm/sources.json"), "utf8"));
}

/**
 * Makes sure that a pinned source is unpacked under `cache` and resolves to its folder. The archive's hash is
 * checked before anything in it is touched; the folder appears whole or not at all.
 *
 * @param {PinnedSource} source
 * @param {string} cache
 * @param {(detail: string) => void} report
 * @param {{ fetchDebian?: typeof downloadDebianSource, fetchUrl?: typeof downloadUrl }} [routes] for tests
 * @returns {Promise<string>}
 */
export async function provideSource(source, cache, report, routes = {}) {
  const folder = join(cache, "sources", `${source.folder}-${source.debian.sha256.slice(0, 12)}`);
  if (await exists(folder)) return folder;
  const archive = await provideArchive(source, cache, report, routes);
  report("unpacking");
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  await runCommand("tar", ["--extract", "--file", archive, "--directory", partial]);
  await rename(join(partial, source.folder), folder);
  await rm(partial, { recursive: true, force: true });
  return folder;
}

/**
 * @param {PinnedSource} source
 * @param {string} cache
 * @param {(detail: string) => void} report
 * @param {{ fetchDebian?: typeof downloadDebianSource, fetchUrl?: typeof downloadUrl }} routes
 * @returns {Promise<string>} path of the archive, its hash checked
 */
async function provideArchive(source, cache, report, { fetchDebian = downloadDebianSource, fetchUrl = downloadUrl }) {
  const archives = join(cache, "archives");
  await mkdir(archives, { recursive: true });
  const upstreamFile = join(archives, new URL(source.upstream.url).pathname.split("/").at(-1) ?? "archive");
  /** @type {readonly { name: string, path: string, sha256: string, get: (into: string) => Promise<void> }[]} */
  const candidates = [
    {
      name: "the Debian source package",
      path: join(archives, source.debian.file),
      sha256: source.debian.sha256,
      get: (into) => fetchDebian(source.debian, into, join(cache, "apt")),
    },
    {
      name: source.upstream.url,
      path: upstreamFile,
      sha256: source.upstream.sha256,
      get: (into) => fetchUrl(source.upstream.url, into),
    },
  ];
  /** @type {string[]} */
  const reasons = [];
  for (const candidate of candidates) {
    if (await exists(candidate.path)) {
      if ((await hashFile(candidate.path)) === candidate.sha256) return candidate.path;
      await rm(candidate.path);
    }
    const partial = `${candidate.path}.partial`;
    try {
      report(`downloading from ${candidate.name}`);
      await candidate.get(partial);
      const actual = await hashFile(partial);
      if (actual !== candidate.sha256) throw new SetupError(`its SHA-256 is ${actual}, expected ${candidate.sha256}`);
      await rename(partial, candidate.path);
      return candidate.path;
    } catch (error) {
      reasons.push(`  ${candidate.name}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      await rm(partial, { force: true });
    }
  }
  throw new SetupError(
    `Cannot get ${source.folder}:\n${reasons.join("\n")}\nCheck the network connection and run the command again.`,
  );
}

/**
 * @param {string} url
 * @param {string} into
 * @returns {Promise<void>}
 */
export async function downloadUrl(url, into) {
  const response = await fetch(url).catch((cause) => {
    throw new SetupError(`cannot be reached (${describeCause(cause)})`, { cause });
  });
  if (!response.ok || response.body === null) throw new SetupError(`answered with status ${response.status}`);
  await pipeline(
    Readable.fromWeb(/** @type {import("node:stream/web").ReadableStream} */ (response.body)),
    createWriteStream(into),
  );
}

/**
 * @param {unknown} error
 * @returns {string}
 */
function describeCause(error) {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/**
 * @param {string} path
 * @returns {Promise<boolean>}
 */
async function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}
