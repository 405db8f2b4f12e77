import { fileURLToPath } from "node:url";
import { buildPageWhenStale } from "../../scripts/page-build.mjs";
import type { RunningServer } from "../../src/server/server.ts";
import { serveBuiltPage } from "../../test/support/built-page.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Builds the page where it is not of the present sources, and serves it: what is measured is what is there. */
export async function serveCurrentPage(progress: (text: string) => void): Promise<RunningServer> {
  await buildPageWhenStale(ROOT, progress);
  return serveBuiltPage();
}
