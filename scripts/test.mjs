/**
 * `npm test`: set-up, then every check and every suite. Steps that do not disturb each other run side by side; those
 * that time real audio in a browser run alone, at the end. The last line is `N passed, N failed`: the tests of every
 * suite plus one for each static check. A suite that runs no test counts as one failure.
 *
 * Only Node built-ins: set-up runs from here, before anything is installed.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const scratch = mkdtempSync(join(tmpdir(), "antiphon-test-"));
const started = performance.now();

/** Longest a step may take, in ms: a hanging browser must end as a failure, not as a hanging command. */
const STEP_LIMIT_MS = 20 * 60_000;

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
const say = (text) => console.log(`[${seconds(started).padStart(7)}] ${text}`);

const running = new Set();

/** Ends a step and everything it has started. */
function stop(child) {
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
]) {
  process.once(signal, () => {
    for (const child of running) stop(child);
    process.exit(code);
  });
}

/** Runs one Node process and keeps what it prints. Resolves to its exit code and output, whatever happens to it. */
function run(args, environment = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
      // A process group of its own: stopping a step stops the browsers it has started too.
      detached: true,
    });
    running.add(child);
    let output = "";
    const keep = (chunk) => {
      output += chunk;
    };
    child.stdout.setEncoding("utf8").on("data", keep);
    child.stderr.setEncoding("utf8").on("data", keep);
    const limit = setTimeout(() => {
      output += `\nstopped: not finished after ${STEP_LIMIT_MS / 60_000} minutes\n`;
      stop(child);
    }, STEP_LIMIT_MS);
    child.on("error", (error) => {
      output += `\n${error.message}\n`;
    });
    child.on("close", (code) => {
      clearTimeout(limit);
      running.delete(child);
      resolve({ code: code ?? 1, output });
    });
  });
}

/** Reads a suite's own count of its tests; a suite that left none counts as one failure. */
function readCounts(path, isVitest) {
  try {
    const report = JSON.parse(readFileSync(path, "utf8"));
    if (!isVitest) return { passed: report.passed, failed: report.failed };
    // A file that does not load fails without a failed test in it.
    const broken = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
    return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length };
  } catch {
    return { passed: 0, failed: 0 };
  }
}

const results = [];

/** Records and prints how a step ended. The output of a failed step is printed whole. */
function report(name, since, { passed, failed, output }) {
  results.push({ name, passed, failed });
  say(`${failed === 0 ? "ok    " : "FAILED"} ${name}: ${passed} passed, ${failed} failed (${seconds(since)})`);
  if (failed > 0) console.log(`${output.trimEnd()}\n`);
}

/** A step that passes or fails as a whole. */
async function check(name, args) {
  const since = performance.now();
  const { code, output } = await run(args);
  report(name, since, { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, output });
}

/** A step that counts its tests in a JSON file. */
async function suite(name, args, { isVitest = true, environment = {} } = {}) {
  const since = performance.now();
  const summary = join(scratch, `${name}.json`);
  const reporters = isVitest ? ["--reporter=default", "--reporter=json", `--outputFile.json=${summary}`] : [];
  const { code, output } = await run([...args, ...reporters], { ...environment, TEST_SUMMARY: summary });
  const counts = readCounts(summary, isVitest);
  const isEmpty = counts.passed + counts.failed === 0;
  // An exit code that the counts do not explain (a crash, an unhandled error, no test at all) is a failure of its own.
  const unexplained = (code !== 0 && counts.failed === 0) || isEmpty ? 1 : 0;
  const remark = isEmpty ? "\nno test has run" : "";
  report(name, since, { passed: counts.passed, failed: counts.failed + unexplained, output: output + remark });
}

const bin = (...path) => join(modules, ...path);
const vitest = (project, ...paths) => [bin("vitest", "vitest.mjs"), "run", "--project", project, ...paths];

async function main() {
  const only = new Set(process.argv.slice(2));
  const wanted = (name) => only.size === 0 || only.has(name);

  const setup = spawn(process.execPath, [join(root, "scripts", "setup.mjs"), "--for-tests"], {
    cwd: root,
    stdio: "inherit",
  });
  const setupCode = await new Promise((resolve) => setup.on("close", resolve));
  if (setupCode !== 0) {
    results.push({ name: "set-up", passed: 0, failed: 1 });
    return;
  }
  say("set-up is done");

  const statics = async () => {
    const biome = bin("@biomejs", "biome", "bin", "biome");
    if (wanted("format")) await check("format", [biome, "format", "."]);
    if (wanted("lint")) await check("lint", [biome, "lint", "--error-on-warnings", "."]);
    if (wanted("types")) await check("types", [join(root, "scripts", "types.mjs")]);
    if (wanted("build") || wanted("e2e") || wanted("calls"))
      await check("build", [join(root, "scripts", "build-page.mjs")]);
  };
  const units = async () => {
    if (wanted("layers")) await suite("layers", vitest("node", "test/repository/layers"));
    if (wanted("unit")) await suite("unit", [...vitest("node"), "--exclude", "test/repository/layers/**"]);
  };
  await Promise.all([statics(), units()]);

  if (wanted("browser")) {
    await suite("browser", [bin("@web", "test-runner", "dist", "bin.js")], { isVitest: false });
  }
  if (wanted("e2e")) await suite("e2e", vitest("e2e"));
  if (wanted("calls")) await suite("calls", vitest("calls"));
}

try {
  await main();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
console.log();
for (const result of results)
  console.log(`  ${result.name.padEnd(8)} ${result.passed} passed, ${result.failed} failed`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
