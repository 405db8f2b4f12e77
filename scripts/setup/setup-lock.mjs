import { mkdir, open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** How often the holder shows that it is alive, in milliseconds. */
const HEARTBEAT = 2_000;

/** A lock untouched for this long, in milliseconds, belongs to nobody: its process was killed or the machine slept. */
const STALE_AFTER = 30_000;

const POLL = 200;

/**
 * Runs `work` while no other process on the machine runs work under the same lock file. Waits as long as the other
 * one lives; takes over from one that died.
 *
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @param {{ onWait?: (pid: number) => void, staleAfter?: number }} [options]
 * @returns {Promise<T>}
 */
export async function withLock(path, work, { onWait, staleAfter = STALE_AFTER } = {}) {
  await mkdir(dirname(path), { recursive: true });
  let isWaiting = false;
  while (!(await tryTake(path))) {
    const holder = await readHolder(path);
    if (holder === undefined) continue;
    if (!holder.isAlive || holder.age > staleAfter) {
      await discard(path, holder.text);
      continue;
    }
    if (!isWaiting) onWait?.(holder.pid);
    isWaiting = true;
    await delay(POLL);
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    // The lock can be gone when a clean-up removed the whole cache; the work itself does not depend on it.
    utimes(path, now, now).catch(() => clearInterval(heartbeat));
  }, HEARTBEAT);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    await rm(path, { force: true });
  }
}

/**
 * @param {string} path
 * @returns {Promise<boolean>}
 */
async function tryTake(path) {
  try {
    const file = await open(path, "wx");
    await file.write(`${process.pid} ${performance.timeOrigin}\n`);
    await file.close();
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/**
 * @param {string} path
 * @returns {Promise<{ pid: number, isAlive: boolean, age: number, text: string } | undefined>} undefined when it is gone
 */
async function readHolder(path) {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, "utf8"), stat(path)]);
    const pid = Number.parseInt(text, 10);
    const age = Date.now() - mtimeMs;
    // A file without a number was created a moment ago and is about to be written.
    return { pid, isAlive: Number.isNaN(pid) ? age < HEARTBEAT : isRunning(pid), age, text };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Removes a dead lock, unless another process has replaced it in the meantime.
 *
 * @param {string} path
 * @param {string} text what the dead lock said
 * @returns {Promise<void>}
 */
async function discard(path, text) {
  const aside = `${path}.${process.pid}.stale`;
  try {
    await rename(path, aside);
    if ((await readFile(aside, "utf8")) !== text) await rename(aside, path);
    else await rm(aside, { force: true });
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}

/**
 * @param {number} pid
 * @returns {boolean}
 */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/**
 * @param {unknown} error
 * @returns {string | undefined}
 */
function codeOf(error) {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}
