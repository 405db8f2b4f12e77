import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { IceConfiguration } from "./ice-servers.ts";
import { jsonLog, silentLog } from "./log.ts";
import { type PageMiddleware, type ServerOptions, startServer } from "./server.ts";

const USAGE = `Usage: npm start -- [options]
  --port N        port of the page and the signalling server (8080)
  --host H        address to listen on (127.0.0.1; 0.0.0.0 for every network interface)
  --dev           serve the sources through Vite, with hot reload
  --log           write JSON lines about connections to standard error
  --behind-proxy  take client addresses from X-Forwarded-For
Environment: ANTIPHON_STUN_URLS, ANTIPHON_TURN_URLS (comma separated), ANTIPHON_TURN_SECRET, ANTIPHON_TURN_TTL (seconds)
`;

const PAGE_ROOT = fileURLToPath(new URL("../../dist/page", import.meta.url));

function list(value: string | undefined): string[] {
  return (value ?? "")
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}

function iceFromEnvironment(environment: NodeJS.ProcessEnv): IceConfiguration {
  const urls = list(environment.ANTIPHON_TURN_URLS);
  const secret = environment.ANTIPHON_TURN_SECRET ?? "";
  const stunUrls = list(environment.ANTIPHON_STUN_URLS);
  if (urls.length === 0 || secret === "") {
    return { stunUrls };
  }
  return { stunUrls, turn: { urls, secret, ttlSeconds: Number(environment.ANTIPHON_TURN_TTL ?? 86_400) } };
}

const createViteMiddleware: NonNullable<ServerOptions["createMiddleware"]> = async (server) => {
  const { createServer } = await import("vite");
  const vite = await createServer({ appType: "spa", server: { middlewareMode: true, hmr: { server } } });
  return vite.middlewares as PageMiddleware;
};

function reason(error: unknown, port: number): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "EADDRINUSE") {
    return `port ${port} is in use; stop the other program or choose another port with --port`;
  }
  if (code === "EACCES") {
    return `port ${port} needs more rights; choose one above 1023 with --port`;
  }
  return error instanceof Error ? error.message : String(error);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "8080" },
      host: { type: "string", default: "127.0.0.1" },
      dev: { type: "boolean", default: false },
      log: { type: "boolean", default: false },
      "behind-proxy": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const port = Number(values.port);
  if (values.help || !Number.isInteger(port) || port < 0 || port > 65_535) {
    process.stdout.write(USAGE);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  try {
    const server = await startServer({
      port,
      host: values.host,
      ice: iceFromEnvironment(process.env),
      isBehindProxy: values["behind-proxy"],
      log: values.log ? jsonLog((line) => process.stderr.write(line)) : silentLog,
      ...(values.dev ? { createMiddleware: createViteMiddleware } : { root: PAGE_ROOT }),
    });
    process.stdout.write(`Antiphon is ready at ${server.url}\n`);
    const stop = (): void => {
      server.close().finally(() => process.exit(0));
    };
    process.once("SIGINT", stop);
    process.once("SIGTERM", stop);
  } catch (error) {
    process.stderr.write(`Cannot start the server: ${reason(error, port)}\n`);
    process.exitCode = 1;
  }
}

await main();
