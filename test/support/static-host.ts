import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const PAGE_ROOT = fileURLToPath(new URL("../../dist/page", import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

/** A host that serves files in a folder and sets no headers of its own, as free static hosts do. */
export type StaticHost = {
  /** Address of the page, with a trailing slash. */
  readonly url: string;
  /** From now on the service worker is another version: the same code with a comment behind it. */
  publishNewVersion(): void;
  close(): Promise<void>;
};

/** Serves the built page from a sub-folder on a free port, without any header but the content type. */
export async function startStaticHost(): Promise<StaticHost> {
  let version = 1;
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? "/", "http://localhost").pathname);
    const file = join(PAGE_ROOT, path.replace(/^\/antiphon\//, "/").replace(/\/$/, "/index.html"));
    try {
      if (!path.startsWith("/antiphon/") || !statSync(file).isFile()) throw new Error("not a file");
      const body = readFileSync(file);
      const isVersioned = file.endsWith("service-worker.js") && version > 1;
      response.setHeader("Content-Type", TYPES[extname(file)] ?? "application/octet-stream");
      response.end(isVersioned ? Buffer.concat([body, Buffer.from(`\n// version ${version}\n`)]) : body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/antiphon/`,
    publishNewVersion: () => {
      version += 1;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
