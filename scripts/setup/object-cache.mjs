import { access, mkdir, readFile, rename, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { hashStrings } from "./content-hash.mjs";
import { runCommand } from "./run-command.mjs";

/** C files given to one compiler process: its start costs as much as several small files. */
const BATCH_SIZE = 12;

/**
 * Compiles C files on all processors and keeps the objects by the hash of everything they depend on, so that a
 * rebuild compiles what changed and an interrupted one goes on where it stopped.
 *
 * @param {readonly import("./wasm-targets.mjs").Unit[]} units
 * @param {{ compiler: string, compilerVersion: string, cache: string }} options
 * @param {(detail: string) => void} report
 * @returns {Promise<readonly string[]>} the objects, in the order of the units
 */
export async function compileObjects(units, { compiler, compilerVersion, cache }, report) {
  await mkdir(cache, { recursive: true });
  const jobs = await Promise.all(
    units.map(async (unit) => {
      const key = hashStrings([
        compilerVersion,
        unit.origin,
        unit.path,
        ...unit.flags,
        await readFile(unit.path, "latin1"),
      ]);
      const object = join(cache, `${key}.o`);
      return { unit, object, isReady: await isThere(object) };
    }),
  );
  const batches = groupIntoBatches(jobs.filter((job) => !job.isReady));
  const total = batches.reduce((count, batch) => count + batch.length, 0);
  let done = 0;
  let failure = /** @type {unknown} */ (undefined);
  const worker = async () => {
    for (let batch = batches.shift(); batch !== undefined && failure === undefined; batch = batches.shift()) {
      try {
        await compileBatch(batch, compiler);
      } catch (error) {
        failure ??= error;
      }
      done += batch.length;
      report(`${done} of ${total} files`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  if (failure !== undefined) throw failure;
  return jobs.map((job) => job.object);
}

/**
 * @typedef {{ readonly unit: import("./wasm-targets.mjs").Unit, readonly object: string }} Job
 */

/**
 * Batches share flags and have no two files of one name, since the compiler names objects after files.
 *
 * @param {readonly Job[]} jobs
 * @returns {Job[][]}
 */
function groupIntoBatches(jobs) {
  /** @type {Job[][]} */
  const batches = [];
  for (const job of jobs) {
    const open = batches.find(
      (batch) =>
        batch.length < BATCH_SIZE &&
        batch[0]?.unit.flags.join("\0") === job.unit.flags.join("\0") &&
        batch.every((other) => basename(other.unit.path) !== basename(job.unit.path)),
    );
    if (open === undefined) batches.push([job]);
    else open.push(job);
  }
  return batches;
}

/**
 * @param {readonly Job[]} batch
 * @param {string} compiler
 * @returns {Promise<void>}
 */
async function compileBatch(batch, compiler) {
  const [first] = batch;
  if (first === undefined) return;
  const work = `${first.object}.partial`;
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  try {
    await runCommand(compiler, [...first.unit.flags, "-c", ...batch.map((job) => job.unit.path)], { cwd: work });
    for (const job of batch) await rename(join(work, basename(job.unit.path).replace(/\.c$/, ".o")), job.object);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * @param {string} path
 * @returns {Promise<boolean>}
 */
async function isThere(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}
