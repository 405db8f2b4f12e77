import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hashStrings } from "./content-hash.mjs";
import { CommandError, runCommand } from "./run-command.mjs";
import { SetupError } from "./setup-error.mjs";

/**
 * Makes node_modules what package-lock.json says. Does nothing when it already is, whoever installed it.
 *
 * @param {{ root: string, npm?: string, progress: import("./progress.mjs").Progress }} options
 * @returns {Promise<void>}
 * @throws {SetupError} when npm fails
 */
export async function provideNpmDependencies({ root, npm = "npm", progress }) {
  const lock = await readFile(join(root, "package-lock.json"), "utf8");
  const stampFile = join(root, "node_modules/.antiphon-setup");
  const stamp = hashStrings([lock, process.version, process.platform, process.arch]);
  if ((await readOptional(stampFile)) === stamp) return;
  if (!(await matchesLock(root, lock))) {
    await progress.step("Install the npm dependencies", async () => {
      await runCommand(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: root }).catch(explain);
    });
  }
  await writeFile(stampFile, stamp);
}

/**
 * Compares the lock with the record npm leaves in node_modules when an installation is complete.
 *
 * @param {string} root
 * @param {string} lock
 * @returns {Promise<boolean>}
 */
async function matchesLock(root, lock) {
  const record = await readOptional(join(root, "node_modules/.package-lock.json"));
  if (record === undefined) return false;
  const wanted = readPackages(lock);
  const installed = readPackages(record);
  for (const [path, { version, integrity, optional }] of Object.entries(wanted)) {
    if (path === "") continue;
    const found = installed[path];
    // Optional packages are left out where the platform is another.
    if (found === undefined ? optional !== true : found.version !== version || found.integrity !== integrity)
      return false;
  }
  return Object.keys(installed).every((path) => path in wanted);
}

/**
 * @param {string} text
 * @returns {Readonly<Record<string, { version?: string, integrity?: string, optional?: boolean }>>}
 */
function readPackages(text) {
  const { packages } = JSON.parse(text);
  return packages ?? {};
}

/**
 * @param {unknown} error
 * @returns {never}
 */
function explain(error) {
  const reason = error instanceof CommandError ? error.message : String(error);
  throw new SetupError(
    `Cannot install the npm dependencies: ${reason}\nCheck the network connection and run the command again.`,
    {
      cause: error,
    },
  );
}

/**
 * @param {string} path
 * @returns {Promise<string | undefined>}
 */
async function readOptional(path) {
  return readFile(path, "utf8").catch(() => undefined);
}
