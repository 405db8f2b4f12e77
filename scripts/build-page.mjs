/** `node scripts/build-page.mjs`: builds the page into `dist/page` unless it was built from exactly these sources. */
import { fileURLToPath } from "node:url";
import { buildPageWhenStale } from "./page-build.mjs";

try {
  await buildPageWhenStale(fileURLToPath(new URL("..", import.meta.url)), console.log);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
