import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** The chunk that gets the list, and the expression in it that the list takes the place of. */
const SERVICE_WORKER = "service-worker.js";
const PLACEHOLDER = "self.__WB_MANIFEST";

/** Larger files are kept from their first use on instead: the neural codec and the voice detector, bytes. */
const MAX_PRECACHED = 1_000_000;

const isPrecached = (name, size) => !name.endsWith(".map") && name !== SERVICE_WORKER && size <= MAX_PRECACHED;

/** Bundler output carries a hash of its content in its name; anything else needs one beside it. */
const revisionOf = (name, content) =>
  /^assets\/.+-[\w-]{8,}\.\w+$/.test(name) ? null : createHash("sha256").update(content).digest("hex").slice(0, 16);

/** Every file under `folder`, as paths relative to it with forward slashes. */
function filesUnder(folder, prefix = "") {
  return readdirSync(folder).flatMap((name) => {
    const full = join(folder, name);
    return statSync(full).isDirectory() ? filesUnder(full, `${prefix}${name}/`) : [`${prefix}${name}`];
  });
}

/** Vite plugin: writes the list of the page's files, each with its revision, into the service worker. */
export function precacheManifest() {
  let publicDir = "";
  return {
    name: "precache-manifest",
    apply: "build",
    enforce: "post",
    configResolved(config) {
      publicDir = config.publicDir;
    },
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const worker = bundle[SERVICE_WORKER];
        if (worker?.type !== "chunk") return;
        const entries = Object.values(bundle).map((file) => [
          file.fileName,
          Buffer.from(file.type === "chunk" ? file.code : file.source),
        ]);
        for (const name of filesUnder(publicDir)) entries.push([name, readFileSync(join(publicDir, name))]);
        const manifest = entries
          .filter(([name, content]) => isPrecached(name, content.length))
          .map(([url, content]) => ({ url, revision: revisionOf(url, content) }))
          .sort((a, b) => (a.url < b.url ? -1 : 1));
        if (!worker.code.includes(PLACEHOLDER)) {
          throw new Error(`Cannot write the list of files: ${SERVICE_WORKER} does not mention ${PLACEHOLDER}`);
        }
        worker.code = worker.code.replaceAll(PLACEHOLDER, JSON.stringify(manifest));
      },
    },
  };
}
