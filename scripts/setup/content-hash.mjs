import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";

/**
 * SHA-256 of a file's content, in lower-case hexadecimal.
 *
 * @param {string} path
 * @returns {Promise<string>}
 */
export async function hashFile(path) {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/**
 * SHA-256 of a list of strings; where one ends and the next begins counts.
 *
 * @param {readonly string[]} parts
 * @returns {string}
 */
export function hashStrings(parts) {
  const hash = createHash("sha256");
  for (const part of parts) {
    hash.update(`${Buffer.byteLength(part)}:`);
    hash.update(part);
  }
  return hash.digest("hex");
}

/**
 * SHA-256 over the names and contents of every file under the folders, in a stable order.
 *
 * @param {readonly string[]} folders
 * @returns {Promise<string>}
 */
export async function hashFolders(folders) {
  /** @type {string[]} */
  const parts = [];
  for (const folder of folders) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
    for (const path of paths.sort()) {
      parts.push(relative(folder, path).split(sep).join("/"), await readFile(path, "latin1"));
    }
  }
  return hashStrings(parts);
}
