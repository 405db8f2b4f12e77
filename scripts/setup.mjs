/**
 * Set-up in one step, for `npm start` and `npm test`: npm dependencies, system packages, upstream sources, the
 * WebAssembly modules. What is there and current is left alone, so a second run takes well under two seconds; what
 * was interrupted goes on. Node built-ins only: this runs before anything is installed.
 */
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildModule } from "./setup/build-module.mjs";
import { provideNpmDependencies } from "./setup/npm-dependencies.mjs";
import { Progress } from "./setup/progress.mjs";
import { SetupError } from "./setup/setup-error.mjs";
import { withLock } from "./setup/setup-lock.mjs";
import { provideSystemPackages } from "./setup/system-packages.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/**
 * Makes everything ready. Safe to run from several processes at once: the later ones wait.
 *
 * @param {{ forTests?: boolean }} [options] `forTests` adds what only `npm test` needs: a browser, independent codecs
 * @returns {Promise<void>}
 * @throws {SetupError} with the reason and the remedy; nothing half-made is left behind
 */
export async function setup({ forTests = false } = {}) {
  const progress = new Progress();
  const onWait = (/** @type {number} */ pid) => progress.note(`Waiting for another set-up (process ${pid}) to finish`);
  await withLock(
    join(ROOT, ".cache/setup.lock"),
    async () => {
      await provideSystemPackages({ forTests, progress });
      await provideNpmDependencies({ root: ROOT, progress });
      await buildModule("core", { root: ROOT, progress });
      await buildModule("neural", { root: ROOT, progress });
    },
    { onWait },
  );
}

const entry = process.argv[1];
if (entry !== undefined && realpathSync(entry) === fileURLToPath(import.meta.url)) {
  try {
    await setup({ forTests: process.argv.includes("--for-tests") });
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
