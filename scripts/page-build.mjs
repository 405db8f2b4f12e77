import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Everything the built page is made of, relative to the repository. */
const SOURCES = [
  "docs/examples",
  "index.html",
  "package-lock.json",
  "public",
  "src/engine",
  "src/ui",
  "src/worklets",
  "tsconfig.base.json",
  "tsconfig.dom.json",
  "vite.config.ts",
  "wasm/dist",
];

const PAGE = "dist/page";

/** Holds the hash of the sources that the page in `PAGE` was built from. Written last, so a torn build has none. */
const STAMP = "dist/page.sha256";

/** Builds the page unless it was built from exactly these sources. `report` gets one line when there is work to do. */
export async function buildPageWhenStale(root, report) {
  const hash = hashOfSources(root);
  const stamp = join(root, STAMP);
  if (existsSync(join(root, PAGE, "index.html")) && existsSync(stamp) && readFileSync(stamp, "utf8") === hash) {
    return;
  }
  report("Building the page …");
  const started = Date.now();
  rmSync(stamp, { force: true });
  await runVite(root);
  writeFileSync(stamp, hash);
  report(`Building the page: done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

/** SHA-256 over the names and contents of every source file. */
export function hashOfSources(root) {
  const hash = createHash("sha256");
  for (const source of SOURCES) {
    addToHash(hash, root, source);
  }
  return hash.digest("hex");
}

function addToHash(hash, root, path) {
  const full = join(root, path);
  if (!existsSync(full)) {
    return;
  }
  const children = childrenOf(full);
  if (children === undefined) {
    hash.update(`${path}\n`).update(readFileSync(full));
    return;
  }
  for (const child of children) {
    addToHash(hash, root, `${path}/${child}`);
  }
}

/** Sorted names in a directory, or undefined for a file. */
function childrenOf(full) {
  try {
    return readdirSync(full).sort();
  } catch (error) {
    if (error.code === "ENOTDIR") {
      return undefined;
    }
    throw error;
  }
}

function runVite(root) {
  return new Promise((resolve, reject) => {
    const output = [];
    const vite = spawn(process.execPath, [join(root, "node_modules/vite/bin/vite.js"), "build"], { cwd: root });
    vite.stdout.on("data", (chunk) => output.push(chunk));
    vite.stderr.on("data", (chunk) => output.push(chunk));
    vite.on("error", reject);
    vite.on("exit", (code) => {
      if (code === 0) {
        resolve();
      } else {
        reject(new Error(`Cannot build the page (vite build ended with ${code}):\n${Buffer.concat(output)}`));
      }
    });
  });
}
