import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { AddressLimits, type AddressQuota } from "./address-limits.ts";
import { clientAddress } from "./client-address.ts";
import { type IceConfiguration, iceServers } from "./ice-servers.ts";
import { type Log, silentLog } from "./log.ts";
import { setSecurityHeaders } from "./security-headers.ts";
import { SIGNALLING_PATH, Signalling } from "./signalling.ts";
import { StaticAssets } from "./static-assets.ts";

/** Serves the page instead of built files, as a bundler's development server does. */
export type PageMiddleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** How to start a server. Everything has a default except where to listen. */
export type ServerOptions = {
  /** 0 picks a free port. */
  readonly port: number;
  /** Address to listen on, "127.0.0.1" by default. */
  readonly host?: string;
  /** Directory of the built page. */
  readonly root?: string;
  /** Makes a development server's middleware; it is given the HTTP server for its own upgrades. */
  readonly createMiddleware?: (server: Server) => Promise<PageMiddleware>;
  readonly ice?: IceConfiguration;
  readonly quota?: AddressQuota;
  /** Signalling clients of all addresses together, 5000 by default. */
  readonly maxClients?: number;
  /** Takes client addresses from the last X-Forwarded-For entry. Only behind a proxy that sets it. */
  readonly isBehindProxy?: boolean;
  readonly log?: Log;
};

/** A server that accepts connections. */
export type RunningServer = {
  /** Without a trailing slash, with `localhost` for loopback and wildcard addresses. */
  readonly url: string;
  readonly port: number;
  /** Tells clients, stops listening and resolves when every connection has ended, 2 s at most. Idempotent. */
  close(): Promise<void>;
};

/** Signalling connections of one address; a whole office may share one. */
const DEFAULT_QUOTA: AddressQuota = { connections: 200, connectsPerSecond: 10, connectBurst: 100 };

/** Requests for credentials from one address. */
const ICE_QUOTA: AddressQuota = { connections: 1, connectsPerSecond: 2, connectBurst: 60 };

/** How long clients get to close their connections on shutdown, in milliseconds. */
const CLOSE_GRACE_MS = 2000;

/**
 * Starts the page and the signalling server in one HTTP server. Rejects with the system's error when the port is taken.
 * PeerServer's internal timers cannot be stopped, so a process that must end after `close()` exits explicitly.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const log = options.log ?? silentLog;
  const addressOf = (request: IncomingMessage): string => clientAddress(request, options.isBehindProxy === true);
  const server = createServer();
  server.headersTimeout = 10_000;
  server.requestTimeout = 15_000;
  server.maxHeadersCount = 60;
  const signalling = new Signalling(server, {
    quota: options.quota ?? DEFAULT_QUOTA,
    maxClients: options.maxClients ?? 5000,
    addressOf,
    log,
  });
  const assets = options.root === undefined ? undefined : await StaticAssets.open(options.root);
  const middleware = await options.createMiddleware?.(server);
  const iceLimits = new AddressLimits(ICE_QUOTA);
  const startedMs = Date.now();

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request);
    if (path === undefined) {
      sendText(response, 400, "Bad request");
    } else if (path === "/health") {
      sendJson(response, { status: "ok", uptimeSeconds: (Date.now() - startedMs) / 1000, clients: signalling.clients });
    } else if (path === "/api/ice-servers") {
      sendIceServers(request, response);
    } else if (path.startsWith(`${SIGNALLING_PATH}/`)) {
      signalling.handler(request, response);
    } else if (middleware !== undefined) {
      middleware(request, response, () => sendText(response, 404, "Not found"));
    } else if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("Allow", "GET, HEAD");
      sendText(response, 405, "Method not allowed");
    } else if (!((await assets?.serve(request, response, path)) ?? false)) {
      sendText(response, 404, path === "/" ? "The page has not been built yet: run npm run build" : "Not found");
    }
  }

  function sendIceServers(request: IncomingMessage, response: ServerResponse): void {
    const address = addressOf(request);
    if (!iceLimits.open(address, Date.now())) {
      sendText(response, 429, "Too many requests");
      return;
    }
    iceLimits.close(address);
    iceLimits.sweep(Date.now());
    sendJson(response, { iceServers: iceServers(options.ice ?? { stunUrls: [] }, new Date()) });
  }

  server.on("request", (request, response) => {
    setSecurityHeaders(response);
    route(request, response).catch((error: unknown) => {
      log({ event: "request-failed", message: error instanceof Error ? error.message : String(error) });
      if (response.headersSent) {
        response.destroy();
      } else {
        sendText(response, 500, "Internal error");
      }
    });
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    if (pathOf(request) === undefined || (!signalling.upgrade(request, socket, head) && middleware === undefined)) {
      socket.destroy();
    }
  });
  server.on("clientError", (_error, socket) => socket.destroy());

  const port = await listen(server, options.port, options.host ?? "127.0.0.1");
  log({ event: "listening", port });
  let closing: Promise<void> | undefined;
  return {
    url: `http://${displayHost(options.host ?? "127.0.0.1")}:${port}`,
    port,
    close: () => {
      log({ event: "closing", clients: signalling.clients });
      closing ??= closeAll(server, signalling);
      return closing;
    },
  };
}

async function closeAll(server: Server, signalling: Signalling): Promise<void> {
  const deadline = setTimeout(() => {
    signalling.terminate();
    server.closeAllConnections();
  }, CLOSE_GRACE_MS);
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  await Promise.all([signalling.close(), closed]);
  clearTimeout(deadline);
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** The decoded path of a request, or undefined when it is not a path at all. */
function pathOf(request: IncomingMessage): string | undefined {
  const target = request.url ?? "";
  // A second slash would make URL() take the first segment for a host.
  if (!target.startsWith("/") || target.startsWith("//")) {
    return undefined;
  }
  try {
    return decodeURIComponent(new URL(target, "http://localhost").pathname);
  } catch {
    return undefined;
  }
}

function displayHost(host: string): string {
  if (["127.0.0.1", "::1", "0.0.0.0", "::", "localhost"].includes(host)) {
    return "localhost";
  }
  return host.includes(":") ? `[${host}]` : host;
}

function sendJson(response: ServerResponse, body: object): void {
  response.setHeader("Content-Type", "application/json; charset=utf-8");
  response.setHeader("Cache-Control", "no-store");
  response.writeHead(200).end(JSON.stringify(body));
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.setHeader("Content-Type", "text/plain; charset=utf-8");
  response.setHeader("Cache-Control", "no-store");
  response.writeHead(status).end(`${text}\n`);
}
