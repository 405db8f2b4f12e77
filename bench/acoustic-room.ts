import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How the loudspeaker is heard at the microphone. */
export type AcousticPath = {
  /** Way from loudspeaker to microphone, ms, on top of what the sound server needs. */
  readonly delayMs: number;
  /** Level at the microphone over that at the loudspeaker, dB. */
  readonly gainDb: number;
};

/** A machine's sound devices, simulated: one loudspeaker, one microphone that hears it. */
export type AcousticRoom = {
  /** Environment of a process that is to use these devices and no others. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends the sound server. */
  close(): void;
};

const READY_TIMEOUT_MS = 10_000;

/**
 * Starts a private PulseAudio server whose default source hears its default sink. Throws when PulseAudio is not installed.
 */
export async function openAcousticRoom({ delayMs, gainDb }: AcousticPath): Promise<AcousticRoom> {
  if (spawnSync("pulseaudio", ["--version"]).error !== undefined) {
    throw new Error("Cannot simulate sound devices: install PulseAudio (Debian: apt install pulseaudio)");
  }
  const folder = mkdtempSync(join(tmpdir(), "antiphon-room-"));
  const socket = join(folder, "socket");
  const environment = { PULSE_SERVER: `unix:${socket}`, PULSE_RUNTIME_PATH: folder, PULSE_STATE_PATH: folder };
  const modules = [
    `module-native-protocol-unix socket=${socket} auth-anonymous=1`,
    "module-null-sink sink_name=loudspeaker rate=48000 channels=2",
    "module-null-sink sink_name=air rate=48000 channels=1",
    `module-loopback source=loudspeaker.monitor sink=air latency_msec=${Math.max(20, delayMs)} source_dont_move=1 sink_dont_move=1`,
    "module-remap-source master=air.monitor source_name=microphone",
  ];
  const server = spawn(
    "pulseaudio",
    [
      "-n",
      "--daemonize=no",
      "--exit-idle-time=-1",
      "--disallow-exit=0",
      ...modules.map((module) => `--load=${module}`),
    ],
    { env: { ...process.env, ...environment }, stdio: "ignore" },
  );
  const close = (): void => {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await untilReady(server, environment);
    control(environment, "set-default-sink", "loudspeaker");
    control(environment, "set-default-source", "microphone");
    control(environment, "set-sink-input-volume", loopback(environment), `${gainDb}dB`);
  } catch (error) {
    close();
    throw error;
  }
  return { environment, close };
}

async function untilReady(server: ChildProcess, environment: Readonly<Record<string, string>>): Promise<void> {
  const end = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < end && server.exitCode === null) {
    const { status, stdout } = spawnSync("pactl", ["list", "short", "sources"], {
      env: { ...process.env, ...environment },
      encoding: "utf8",
    });
    if (status === 0 && stdout.includes("microphone")) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("Cannot simulate sound devices: PulseAudio does not start");
}

function control(environment: Readonly<Record<string, string>>, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync("pactl", args, {
    env: { ...process.env, ...environment },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`pactl ${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** Index of the stream that carries the loudspeaker's sound through the air. */
function loopback(environment: Readonly<Record<string, string>>): string {
  const [line = ""] = control(environment, "list", "short", "sink-inputs").split("\n");
  return line.split("\t")[0] ?? "";
}
