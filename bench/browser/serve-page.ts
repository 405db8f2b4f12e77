import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build, type Rolldown } from "vite";

/** A page that is being served. */
export type ServedPage = {
  /** Address of the page, on localhost. */
  readonly url: string;
  /** Ends the server. */
  close(): Promise<void>;
};

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  js: "text/javascript",
  wasm: "application/wasm",
  css: "text/css",
  json: "application/json",
};

/**
 * Bundles `bench/browser/page/NAME.ts` as a production build would, keeps the result in memory and serves it cross-origin
 * isolated on a free port.
 */
export async function serveBenchPage(name: string): Promise<ServedPage> {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const built = (await build({
    configFile: false,
    root,
    logLevel: "error",
    base: "/",
    worker: { format: "es" },
    build: {
      write: false,
      target: "es2022",
      modulePreload: false,
      rolldownOptions: {
        input: { page: fileURLToPath(new URL(`./page/${name}.ts`, import.meta.url)) },
        output: { entryFileNames: "[name].js" },
      },
    },
  })) as Rolldown.RolldownOutput;
  const files = new Map<string, string | Uint8Array>(
    built.output.map((file) => [`/${file.fileName}`, file.type === "chunk" ? file.code : file.source] as const),
  );
  files.set(
    "/",
    `<!doctype html><meta charset="utf-8"><title>${name}</title><script type="module" src="/page.js"></script>`,
  );

  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const body = files.get(path);
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
    response.setHeader("Content-Type", CONTENT_TYPES[path.split(".").at(-1) ?? ""] ?? "text/html");
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
