import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type RunningServer, type ServerOptions, startServer } from "../../src/server/server.ts";

const PAGE_ROOT = fileURLToPath(new URL("../../dist/page", import.meta.url));

/**
 * Serves the page as built, with signalling, on a free port of the loopback interface.
 * @throws Error when the page has not been built.
 */
export function serveBuiltPage(options: Partial<ServerOptions> = {}): Promise<RunningServer> {
  if (!existsSync(`${PAGE_ROOT}/index.html`)) {
    throw new Error("There is no built page: run node scripts/build-page.mjs first");
  }
  return startServer({ port: 0, host: "127.0.0.1", root: PAGE_ROOT, ...options });
}
