import { join } from "node:path";
import { buildModule } from "./setup/build-module.mjs";
import { Progress } from "./setup/progress.mjs";

const root = join(import.meta.dirname, "..");
const progress = new Progress();
const names = /** @type {("core" | "neural")[]} */ (
  process.argv.length > 2 ? process.argv.slice(2) : ["core", "neural"]
);
for (const name of names) await buildModule(name, { root, progress });
