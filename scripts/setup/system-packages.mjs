import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { isRunnable, runCommand } from "./run-command.mjs";
import { SetupError } from "./setup-error.mjs";

/**
 * A program from outside npm. It is there when any of `programs` is: a name on the PATH, or a full path.
 *
 * @typedef {{ readonly programs: readonly string[], readonly purpose: string, readonly debian: string, readonly brew: string,
 *   readonly isForTestsOnly: boolean }} SystemPackage
 */

/** @type {readonly SystemPackage[]} */
export const SYSTEM_PACKAGES = [
  {
    programs: ["emcc"],
    purpose: "compiles the codec",
    debian: "emscripten",
    brew: "emscripten",
    isForTestsOnly: false,
  },
  { programs: ["xz"], purpose: "unpacks its source", debian: "xz-utils", brew: "xz", isForTestsOnly: false },
  {
    programs: [
      process.env["CHROMIUM"] ?? "",
      "/usr/bin/chromium",
      "/usr/bin/chromium-browser",
      "/usr/bin/google-chrome",
      "/Applications/Chromium.app/Contents/MacOS/Chromium",
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ],
    purpose: "runs the browser tests",
    debian: "chromium",
    brew: "--cask chromium",
    isForTestsOnly: true,
  },
  {
    programs: ["opusdec"],
    purpose: "checks our packets",
    debian: "opus-tools",
    brew: "opus-tools",
    isForTestsOnly: true,
  },
  {
    programs: ["ffmpeg"],
    purpose: "checks packets and loudness",
    debian: "ffmpeg",
    brew: "ffmpeg",
    isForTestsOnly: true,
  },
  {
    programs: ["turnserver"],
    purpose: "relays calls in tests",
    debian: "coturn",
    brew: "coturn",
    isForTestsOnly: true,
  },
];

/**
 * Makes sure that the system packages are there: installs them where apt and the rights allow it, otherwise says
 * once what to install.
 *
 * @param {{ forTests: boolean, progress: import("./progress.mjs").Progress, packages?: readonly SystemPackage[],
 *   path?: string, isRoot?: boolean }} options the last three for tests
 * @returns {Promise<void>}
 * @throws {SetupError} naming everything that is missing
 */
export async function provideSystemPackages({
  forTests,
  progress,
  packages = SYSTEM_PACKAGES,
  path = process.env["PATH"] ?? "",
  isRoot = process.getuid?.() === 0,
}) {
  const missing = await findMissing(packages, forTests, path);
  if (missing.length === 0) return;
  if (!isRoot || !(await isRunnable("apt-get"))) throw new SetupError(describeMissing(missing));
  const names = missing.map((entry) => entry.debian);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const wait = ["-o", "DPkg::Lock::Timeout=300"];
  await progress.step(`Install ${names.join(", ")} by apt`, async (report) => {
    try {
      report("reading the package lists");
      await runCommand("apt-get", [...wait, "--quiet", "update"], { env });
      report("installing");
      const install = [...wait, "--quiet", "--yes", "--no-install-recommends", "install", ...names];
      await runCommand("apt-get", install, { env });
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new SetupError(`Cannot install ${names.join(", ")} by apt: ${reason}`, { cause });
    }
  });
  const left = await findMissing(missing, true, path);
  if (left.length > 0) throw new SetupError(describeMissing(left));
}

/**
 * @param {readonly SystemPackage[]} packages
 * @param {boolean} forTests
 * @param {string} path
 * @returns {Promise<readonly SystemPackage[]>}
 */
async function findMissing(packages, forTests, path) {
  /** @type {SystemPackage[]} */
  const missing = [];
  for (const entry of packages) {
    if (entry.isForTestsOnly && !forTests) continue;
    const places = entry.programs.filter((program) => program !== "").flatMap((program) => placesOf(program, path));
    const found = await Promise.all(places.map(isExecutable));
    if (!found.includes(true)) missing.push(entry);
  }
  return missing;
}

/**
 * @param {string} program
 * @param {string} path
 * @returns {readonly string[]}
 */
function placesOf(program, path) {
  return program.includes("/") ? [program] : path.split(delimiter).map((folder) => join(folder, program));
}

/**
 * @param {string} file
 * @returns {Promise<boolean>}
 */
async function isExecutable(file) {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/**
 * @param {readonly SystemPackage[]} missing
 * @returns {string}
 */
function describeMissing(missing) {
  const list = missing.map((entry) => `  ${entry.debian} (${entry.purpose})`).join("\n");
  const casks = missing.filter((entry) => entry.brew.startsWith("--cask"));
  const formulas = missing.filter((entry) => !entry.brew.startsWith("--cask"));
  const brew = [
    ...(formulas.length > 0 ? [`brew install ${formulas.map((entry) => entry.brew).join(" ")}`] : []),
    ...casks.map((entry) => `brew install ${entry.brew}`),
  ].join(" && ");
  return [
    "These programs are missing:",
    list,
    "Install them and run the command again:",
    `  Debian, Ubuntu: sudo apt-get install ${missing.map((entry) => entry.debian).join(" ")}`,
    `  macOS:          ${brew}`,
    "  elsewhere:      the packages of the same names, on the PATH",
  ].join("\n");
}
