import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

const compress = promisify(brotliCompress);

/** Media types by file extension; anything else is sent as bytes. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".onnx": "application/octet-stream",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".wav": "audio/wav",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

const COMPRESSIBLE = /^(text\/|application\/(json|manifest|wasm)|image\/svg)/;

/** Bundler output carries a content hash in its name and never changes under it. */
const HASHED_NAME = /^\/assets\/.+-[\w-]{8,}\.\w+$/;

/** A missing file is looked for on disk again at most this often, in milliseconds. */
const RESCAN_MS = 1000;

type Asset = { readonly file: string; readonly size: number; readonly modifiedMs: number };
type Loaded = {
  readonly asset: Asset;
  readonly body: Buffer;
  readonly etag: string;
  brotli: Promise<Buffer> | undefined;
};

/**
 * The files under one directory, served from memory. Requests are looked up in a table of the files that exist, so no
 * path in a request ever reaches the file system.
 */
export class StaticAssets {
  readonly #root: string;
  #assets: ReadonlyMap<string, Asset> = new Map();
  #scannedMs = 0;
  readonly #loaded = new Map<string, Loaded>();

  private constructor(root: string) {
    this.#root = root;
  }

  /** Reads the table of files under `root`. A directory that does not exist has no files yet. */
  static async open(root: string): Promise<StaticAssets> {
    const assets = new StaticAssets(root);
    await assets.#scan();
    return assets;
  }

  /** Answers a GET or HEAD request for a file; false when there is no such file, and nothing has been written. */
  async serve(request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> {
    const urlPath = path.endsWith("/") ? `${path}index.html` : path;
    const asset = await this.#find(urlPath);
    if (asset === undefined) {
      return false;
    }
    const loaded = await this.#load(urlPath, asset);
    const type = CONTENT_TYPES[extname(urlPath).toLowerCase()] ?? "application/octet-stream";
    response.setHeader("Content-Type", type);
    response.setHeader("ETag", loaded.etag);
    response.setHeader(
      "Cache-Control",
      HASHED_NAME.test(urlPath) ? "public, max-age=31536000, immutable" : "public, no-cache",
    );
    response.setHeader("Vary", "Accept-Encoding");
    if (request.headers["if-none-match"] === loaded.etag) {
      response.writeHead(304).end();
      return true;
    }
    let body = loaded.body;
    if (COMPRESSIBLE.test(type) && acceptsBrotli(request)) {
      loaded.brotli ??= compress(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
      body = await loaded.brotli;
      response.setHeader("Content-Encoding", "br");
    }
    response.setHeader("Content-Length", body.byteLength);
    response.writeHead(200).end(request.method === "HEAD" ? undefined : body);
    return true;
  }

  async #find(urlPath: string): Promise<Asset | undefined> {
    const known = this.#assets.get(urlPath);
    if (known !== undefined && (await isUnchanged(known))) {
      return known;
    }
    if (known !== undefined || Date.now() - this.#scannedMs > RESCAN_MS) {
      await this.#scan();
    }
    return this.#assets.get(urlPath);
  }

  async #load(urlPath: string, asset: Asset): Promise<Loaded> {
    const cached = this.#loaded.get(urlPath);
    if (cached?.asset.modifiedMs === asset.modifiedMs && cached.asset.size === asset.size) {
      return cached;
    }
    const body = await readFile(asset.file);
    const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
    const loaded: Loaded = { asset, body, etag, brotli: undefined };
    this.#loaded.set(urlPath, loaded);
    return loaded;
  }

  async #scan(): Promise<void> {
    this.#scannedMs = Date.now();
    const found = new Map<string, Asset>();
    await collect(this.#root, "", found);
    this.#assets = found;
  }
}

async function collect(directory: string, urlPrefix: string, into: Map<string, Asset>): Promise<void> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") {
      return [];
    }
    throw error;
  });
  for (const entry of entries) {
    const file = join(directory, entry.name);
    if (entry.isDirectory()) {
      await collect(file, `${urlPrefix}/${entry.name}`, into);
    } else if (entry.isFile() && !entry.name.startsWith(".")) {
      const { size, mtimeMs } = await stat(file);
      into.set(`${urlPrefix}/${entry.name}`, { file, size, modifiedMs: mtimeMs });
    }
  }
}

async function isUnchanged(asset: Asset): Promise<boolean> {
  const now = await stat(asset.file).catch(() => undefined);
  return now?.size === asset.size && now.mtimeMs === asset.modifiedMs;
}

function acceptsBrotli(request: IncomingMessage): boolean {
  return /\bbr\b/.test(String(request.headers["accept-encoding"] ?? ""));
}
