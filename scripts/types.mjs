/** `npm run types`: type checks every TypeScript project, one per runtime. Exit code 1 when one of them fails. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
const projects = readdirSync(root)
  .filter((name) => /^tsconfig\.[a-z]+\.json$/.test(name) && name !== "tsconfig.base.json")
  .sort();

let failed = 0;
for (const project of projects) {
  const started = performance.now();
  const { status } = spawnSync(process.execPath, [compiler, "--noEmit", "--project", project], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) failed += 1;
  console.log(`${status === 0 ? "ok    " : "FAILED"} ${project} (${Math.round(performance.now() - started)} ms)`);
}
if (projects.length === 0) {
  console.error("Cannot check types: no tsconfig.*.json next to package.json");
  failed = 1;
}
process.exitCode = failed === 0 ? 0 : 1;
