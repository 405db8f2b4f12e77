import { access, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isRunnable, runCommand } from "./run-command.mjs";
import { SetupError } from "./setup-error.mjs";

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/**
 * Downloads the original archive of a Debian source package with the machine's own mirror and proxies, but with a
 * private apt state: works as any user and changes nothing of the system. The caller checks the hash.
 *
 * @param {{ readonly package: string, readonly suites: readonly string[], readonly file: string }} source
 * @param {string} into where the archive goes
 * @param {string} folder private apt state, kept between runs
 * @returns {Promise<void>}
 * @throws {SetupError} where there is no apt, or no suite still has that version
 */
export async function downloadDebianSource(source, into, folder) {
  if (!(await isRunnable("apt-get"))) throw new SetupError("there is no apt here");
  const mirror = await debianMirror();
  /** @type {string[]} */
  const reasons = [];
  for (const suite of source.suites) {
    const options = await privateState(join(folder, suite), mirror, suite);
    const work = join(folder, suite, "download");
    await rm(work, { recursive: true, force: true });
    await mkdir(work, { recursive: true });
    const get = [...options, "source", "--tar-only", source.package];
    try {
      await runCommand("apt-get", [...options, "--quiet", "update"]);
      const offered = await runCommand("apt-get", ["--print-uris", ...get]);
      if (!offered.includes(`${source.file} `)) throw new SetupError(`holds another version than ${source.file}`);
      await runCommand("apt-get", ["--quiet", "--download-only", ...get], { cwd: work });
      await rename(join(work, source.file), into);
      return;
    } catch (error) {
      reasons.push(`${suite} ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }
  throw new SetupError(reasons.join("; "));
}

/**
 * The archive root the machine already installs Debian from.
 *
 * @returns {Promise<string>}
 */
async function debianMirror() {
  const format = "$(CREATED_BY)|$(COMPONENT)|$(ORIGIN)|$(LABEL)|$(REPO_URI)";
  const targets = await runCommand("apt-get", ["indextargets", "--format", format]);
  /** @type {string | undefined} */
  let byPath;
  for (const line of targets.split("\n")) {
    const [createdBy, component, origin, label, uri] = line.split("|");
    if (createdBy !== "Packages" || component !== "main" || uri === undefined) continue;
    if (origin === "Debian" && label === "Debian") return uri;
    // Origin is unknown until the first apt-get update; the archive's path is the next best sign.
    if (/\/debian\/?$/.test(uri)) byPath ??= uri;
  }
  if (byPath === undefined) throw new SetupError("apt is not set up for a Debian mirror");
  return byPath;
}

/**
 * Options that move everything apt writes into `folder`.
 *
 * @param {string} folder
 * @param {string} mirror
 * @param {string} suite
 * @returns {Promise<readonly string[]>}
 */
async function privateState(folder, mirror, suite) {
  await mkdir(join(folder, "state/lists/partial"), { recursive: true });
  await mkdir(join(folder, "cache/archives/partial"), { recursive: true });
  await mkdir(join(folder, "parts"), { recursive: true });
  await writeFile(join(folder, "status"), "");
  const hasKeyring = await access(KEYRING).then(
    () => true,
    () => false,
  );
  await writeFile(
    join(folder, "sources.list"),
    `deb-src ${hasKeyring ? `[signed-by=${KEYRING}] ` : ""}${mirror} ${suite} main\n`,
  );
  const places = {
    "Dir::State": join(folder, "state"),
    "Dir::State::status": join(folder, "status"),
    "Dir::Cache": join(folder, "cache"),
    "Dir::Etc::sourcelist": join(folder, "sources.list"),
    "Dir::Etc::sourceparts": join(folder, "parts"),
  };
  return Object.entries(places).flatMap(([name, path]) => ["-o", `${name}=${path}`]);
}
