/**
 * `node scripts/run.mjs [--browser] FILE.ts [arguments]`: does the set-up where it is missing, then runs a TypeScript
 * entry point in Node. With `--browser` set-up provides a browser too. Set-up speaks on standard error, so that what the
 * entry point prints is all there is on standard output.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const args = process.argv.slice(2);
const setupFlags = args[0] === "--browser" ? ["--for-tests"] : [];
const [entry, ...rest] = args.slice(setupFlags.length);
if (entry === undefined) throw new TypeError("Usage: node scripts/run.mjs [--browser] FILE.ts [arguments]");

/** Runs one Node process to its end; signals reach it because it shares this terminal's process group. */
const node = (args, stdio) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio });
    child.on("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
  });

const setup = await node([join(root, "scripts", "setup.mjs"), ...setupFlags], ["inherit", process.stderr, "inherit"]);
if (setup !== 0) process.exit(setup);
if (!existsSync(join(root, entry))) {
  console.error(`Cannot run ${entry}: no such file`);
  process.exit(1);
}
process.exit(await node(["--import", "tsx", entry, ...rest], "inherit"));
