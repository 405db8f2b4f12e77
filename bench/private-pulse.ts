import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A sound server of one's own. */
export type PrivatePulse = {
  /** Environment of a process that is to use these devices and no others. */
  readonly environment: Readonly<Record<string, string>>;
  /** Runs `pactl` with these arguments and returns what it prints. Throws when it fails. */
  control(...args: readonly string[]): string;
  /** Ends the sound server. */
  close(): void;
};

const READY_TIMEOUT_MS = 10_000;

/**
 * Starts a private PulseAudio server with the modules given, beside whatever sound server there is, and waits until it has the
 * source called `source`. Needs no sound hardware. Throws when PulseAudio is not installed or does not start.
 */
export async function startPrivatePulse(modules: readonly string[], source: string): Promise<PrivatePulse> {
  if (spawnSync("pulseaudio", ["--version"]).error !== undefined) {
    throw new Error("Cannot simulate sound devices: install PulseAudio (Debian: apt install pulseaudio)");
  }
  const folder = mkdtempSync(join(tmpdir(), "antiphon-pulse-"));
  const socket = join(folder, "socket");
  const environment = { PULSE_SERVER: `unix:${socket}`, PULSE_RUNTIME_PATH: folder, PULSE_STATE_PATH: folder };
  const server = spawn(
    "pulseaudio",
    [
      "-n",
      "--daemonize=no",
      "--exit-idle-time=-1",
      "--disallow-exit=0",
      ...[`module-native-protocol-unix socket=${socket} auth-anonymous=1`, ...modules].map(
        (module) => `--load=${module}`,
      ),
    ],
    { env: { ...process.env, ...environment }, stdio: "ignore" },
  );
  const pactl = (args: readonly string[]): ReturnType<typeof spawnSync> =>
    spawnSync("pactl", args, { env: { ...process.env, ...environment }, encoding: "utf8" });
  const close = (): void => {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await untilReady(server, () => String(pactl(["list", "short", "sources"]).stdout).includes(source));
  } catch (error) {
    close();
    throw error;
  }
  return {
    environment,
    control: (...args) => {
      const { status, stdout, stderr } = pactl(args);
      if (status !== 0) throw new Error(`pactl ${args.join(" ")}: ${String(stderr)}`);
      return String(stdout);
    },
    close,
  };
}

async function untilReady(server: ChildProcess, isReady: () => boolean): Promise<void> {
  const end = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < end && server.exitCode === null) {
    if (isReady()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("Cannot simulate sound devices: PulseAudio does not start");
}
