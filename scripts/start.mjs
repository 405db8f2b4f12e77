/**
 * `npm start`, `npm run dev` and `npm run preview`: sets up what is missing, builds the page when its sources changed
 * since the last build, and runs the server. `npm run build` stops before the server. Node built-ins only, since it runs
 * before anything is installed.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildPageWhenStale } from "./page-build.mjs";
import { setup } from "./setup.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const OWN_FLAGS = new Set(["--preview", "--help"]);
const PAGE = "dist/page";

async function main() {
  const flags = process.argv.slice(2);
  if (!flags.includes("--help")) {
    await setup();
    if (flags.includes("--preview")) {
      requireBuiltPage();
    } else if (!flags.includes("--dev")) {
      await buildPageWhenStale(ROOT, (line) => process.stdout.write(`${line}\n`));
    }
  }
  if (flags.includes("--build")) {
    process.stdout.write(`The page is in ${PAGE}: npm run preview serves it\n`);
    return;
  }
  runServer(flags.filter((flag) => !OWN_FLAGS.has(flag) || flag === "--help"));
}

function requireBuiltPage() {
  if (!existsSync(`${ROOT}${PAGE}/index.html`)) {
    throw new Error("There is no built page to preview: run npm run build first");
  }
}

/** The server runs in a child process, because TypeScript in Node needs a loader that is only there after set-up. */
function runServer(flags) {
  const server = spawn(process.execPath, ["--import", "tsx", `${ROOT}src/server/main.ts`, ...flags], {
    cwd: ROOT,
    stdio: "inherit",
  });
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.on(signal, () => server.kill(signal));
  }
  server.on("error", fail);
  server.on("exit", (code, signal) => process.exit(code ?? (signal === null ? 1 : 0)));
}

function fail(error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

await main().catch(fail);
