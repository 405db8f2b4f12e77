import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hashFile, hashFolders, hashStrings } from "./content-hash.mjs";
import { compileObjects } from "./object-cache.mjs";
import { CommandError, runCommand } from "./run-command.mjs";
import { SetupError } from "./setup-error.mjs";
import { provideSource, readPinnedSources } from "./source-archives.mjs";
import { describeTarget } from "./wasm-targets.mjs";

/**
 * Asked once per process: the compiler takes a third of a second to say it.
 *
 * @type {Map<string, Promise<string>>}
 */
const versions = new Map();

/**
 * Builds one WebAssembly module into wasm/dist, unless the one there was made from the same inputs.
 *
 * @param {"core" | "neural"} name
 * @param {{ root: string, cache?: string, compiler?: string, progress: import("./progress.mjs").Progress }} options
 * @returns {Promise<void>}
 * @throws {SetupError} when a source cannot be had or the compiler fails; what was there before stays
 */
export async function buildModule(name, { root, cache = join(root, ".cache"), compiler = "emcc", progress }) {
  const output = join(root, "wasm/dist", `${name}.wasm`);
  const stampFile = join(root, "wasm/dist", `${name}.stamp`);
  const compilerVersion = await readCompilerVersion(compiler).catch(explain(name));
  const inputs = await hashInputs(root, compilerVersion);
  if (await isUpToDate(output, stampFile, inputs)) return;
  await progress.step(`Build wasm/dist/${name}.wasm`, async (report) => {
    const pinned = await readPinnedSources(root);
    const [opus, speexdsp] = [pinned["opus"], pinned["speexdsp"]];
    if (opus === undefined || speexdsp === undefined) throw new Error("wasm/sources.json must name opus and speexdsp");
    const sources = {
      opus: await provideSource(opus, cache, report),
      speexdsp: await provideSource(speexdsp, cache, report),
    };
    const target = await describeTarget(root, sources, name);
    const objects = await compileObjects(
      target.units,
      { compiler, compilerVersion, cache: join(cache, "objects") },
      report,
    );
    report("linking");
    await mkdir(join(root, "wasm/dist"), { recursive: true });
    const partial = join(cache, `${name}.partial.wasm`);
    try {
      await runCommand(compiler, [...target.linkFlags, ...objects, "-o", partial]).catch(explain(name));
      const hash = await hashFile(partial);
      await rename(partial, output);
      await writeFile(`${stampFile}.partial`, `${inputs} ${hash}\n`);
      await rename(`${stampFile}.partial`, stampFile);
    } finally {
      await rm(partial, { force: true });
    }
  });
}

/**
 * @param {string} name
 * @returns {(error: unknown) => never}
 */
function explain(name) {
  return (error) => {
    if (!(error instanceof CommandError)) throw error;
    throw new SetupError(`Cannot build ${name}.wasm: ${error.message}`, { cause: error });
  };
}

/**
 * @param {string} compiler
 * @returns {Promise<string>}
 */
async function readCompilerVersion(compiler) {
  const known = versions.get(compiler) ?? runCommand(compiler, ["--version"]);
  versions.set(compiler, known);
  return (await known).split("\n")[0] ?? "";
}

/**
 * @param {string} root
 * @param {string} compilerVersion
 * @returns {Promise<string>}
 */
async function hashInputs(root, compilerVersion) {
  const scripts = ["build-module.mjs", "object-cache.mjs", "wasm-targets.mjs"].map((file) =>
    join(import.meta.dirname, file),
  );
  const parts = await Promise.all(scripts.map((path) => readFile(path, "utf8")));
  const pins = await readFile(join(root, "wasm/sources.json"), "utf8");
  const glue = await hashFolders(["avx2", "core", "neural"].map((folder) => join(root, "wasm", folder)));
  return hashStrings([compilerVersion, pins, glue, ...parts]);
}

/**
 * @param {string} output
 * @param {string} stampFile
 * @param {string} inputs
 * @returns {Promise<boolean>}
 */
async function isUpToDate(output, stampFile, inputs) {
  try {
    const [stampedInputs, stampedHash] = (await readFile(stampFile, "utf8")).trim().split(" ");
    return stampedInputs === inputs && stampedHash === (await hashFile(output));
  } catch {
    return false;
  }
}
