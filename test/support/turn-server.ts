import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A coturn on the loopback interface. */
export type TurnServer = {
  /** `turn:` URL for clients. */
  readonly url: string;
  readonly port: number;
  /** Its `static-auth-secret`. */
  readonly secret: string;
  close(): Promise<void>;
};

const PROGRAM = ["/usr/bin/turnserver", "/usr/local/bin/turnserver", "/opt/homebrew/bin/turnserver"].find(existsSync);

/** Whether coturn is installed. */
export const hasTurnServer = PROGRAM !== undefined;

/** How long coturn may take to listen, ms. */
const START_MS = 10_000;

/** Starts coturn with short-lived credentials on `port`, or a free one. The caller closes it. */
export async function startTurnServer(options: { readonly port?: number } = {}): Promise<TurnServer> {
  if (PROGRAM === undefined) throw new Error("Cannot find turnserver: install coturn");
  const folder = mkdtempSync(join(tmpdir(), "antiphon-turn-"));
  const port = options.port ?? (await freeUdpPort());
  const secret = "antiphon-test-secret";
  const child = spawn(
    PROGRAM,
    [
      ...["-n", "--no-cli", "--no-tls", "--no-dtls", "--simple-log", "--log-file=stdout", "--realm=antiphon"],
      ...["--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", `--listening-port=${port}`, "--allow-loopback-peers"],
      ...["--use-auth-secret", `--static-auth-secret=${secret}`],
      ...[`--pidfile=${join(folder, "pid")}`, `--userdb=${join(folder, "db")}`],
    ],
    { cwd: folder, stdio: "ignore" },
  );
  await untilListening(child, port);
  return {
    url: `turn:127.0.0.1:${port}?transport=udp`,
    port,
    secret,
    close: async () => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A port that was free a moment ago. */
function freeUdpPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createSocket("udp4");
    socket.once("error", reject);
    socket.bind(0, "127.0.0.1", () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}

/** Asks for a STUN binding (RFC 8489 §6) until coturn answers. */
async function untilListening(child: ChildProcess, port: number): Promise<void> {
  const socket = createSocket("udp4");
  const request = Buffer.alloc(20);
  request.writeUInt16BE(0x0001, 0);
  request.writeUInt32BE(0x2112a442, 4);
  try {
    await new Promise<void>((resolve, reject) => {
      const asking = setInterval(() => socket.send(request, port, "127.0.0.1"), 100);
      const limit = setTimeout(() => reject(new Error("turnserver does not answer")), START_MS);
      const settle = (act: () => void): void => {
        clearInterval(asking);
        clearTimeout(limit);
        act();
      };
      socket.on("error", () => undefined);
      socket.once("message", () => settle(resolve));
      child.once("exit", (code) => settle(() => reject(new Error(`turnserver ended with ${code}`))));
    });
  } finally {
    socket.close();
  }
}
