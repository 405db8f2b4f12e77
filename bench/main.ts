import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { BenchOptions, BenchResult } from "./bench-result.ts";
import { readOptions } from "./read-options.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));
const names = readdirSync(folder)
  .filter((name) => name.endsWith(".bench.ts"))
  .map((name) => name.slice(0, -".bench.ts".length))
  .sort();

const usage = `Usage: npm run bench -- NAME [--json] [--quick] [options of the bench]

Benches: ${names.join(", ")}

  --json    print one JSON document and nothing else on standard output
  --quick   finish within a minute
`;

const isBench = (module: unknown): module is { run(options: BenchOptions): Promise<BenchResult> } =>
  typeof module === "object" && module !== null && "run" in module && typeof module.run === "function";

async function main(name: string | undefined, args: readonly string[]): Promise<number> {
  if (name === undefined || !names.includes(name)) {
    process.stderr.write(name === undefined ? usage : `Cannot find a bench named ${name}\n\n${usage}`);
    return 2;
  }
  const values = new Map(readOptions(args));
  if (values.has("help")) {
    process.stdout.write(`${usage}\nThe options of ${name} are described at the top of bench/${name}.bench.ts.\n`);
    return 0;
  }
  const isJson = values.delete("json");
  const quick = values.delete("quick");
  const started = performance.now();
  const progress = (message: string): void => {
    process.stderr.write(`[${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s] ${message}\n`);
  };
  const module: unknown = await import(new URL(`./${name}.bench.ts`, import.meta.url).href);
  if (!isBench(module)) throw new TypeError(`bench/${name}.bench.ts exports no run(options)`);
  const result = await module.run({ quick, values, progress });
  process.stdout.write(isJson ? `${JSON.stringify(result.json, undefined, 2)}\n` : `${result.table}\n`);
  return 0;
}

const [name, ...args] = process.argv.slice(2);
try {
  process.exitCode = await main(name, args);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}
// PeerServer's timers cannot be stopped and would keep this process alive; what was written has to get out first.
process.stdout.write("", () => process.exit());
