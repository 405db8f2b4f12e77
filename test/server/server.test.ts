import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningServer, startServer } from "../../src/server/server.ts";

type Answer = { readonly status: number; readonly headers: Record<string, unknown>; readonly body: Buffer };

/** A request whose path is sent as given: fetch() would tidy `..` away before the server sees it. */
function get(
  port: number,
  path: string,
  options: { headers?: Record<string, string>; method?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: "127.0.0.1", path, ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    sent.on("error", reject);
    sent.end();
  });
}

describe("the page server", () => {
  let root: string;
  let server: RunningServer;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "antiphon-server-"));
    await mkdir(join(root, "page/assets"), { recursive: true });
    await writeFile(join(root, "secret.txt"), "outside");
    await writeFile(join(root, "page/.hidden"), "hidden");
    await writeFile(join(root, "page/index.html"), "<!doctype html><title>page</title>");
    await writeFile(join(root, "page/assets/app-Bx3fZk1q.js"), `export const text = "${"a".repeat(5000)}";`);
    await writeFile(join(root, "page/assets/core-Bx3fZk1q.wasm"), Buffer.from([0, 97, 115, 109]));
    server = await startServer({ port: 0, root: join(root, "page") });
  });

  afterAll(async () => {
    await server.close();
    await rm(root, { recursive: true, force: true });
  });

  it("serves the page isolated, and without any inline script allowed", async () => {
    const { status, headers, body } = await get(server.port, "/");
    expect(status).toBe(200);
    expect(body.toString()).toContain("<title>page</title>");
    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(headers["cross-origin-opener-policy"]).toBe("same-origin");
    expect(headers["cross-origin-embedder-policy"]).toBe("require-corp");
    const policy = String(headers["content-security-policy"]);
    const scripts = policy.split("; ").find((directive) => directive.startsWith("script-src"));
    expect(scripts).toBe("script-src 'self' 'wasm-unsafe-eval'");
  });

  it("lets hashed files be kept for a year and everything else only after asking", async () => {
    expect((await get(server.port, "/assets/app-Bx3fZk1q.js")).headers["cache-control"]).toContain("immutable");
    const page = await get(server.port, "/");
    expect(page.headers["cache-control"]).toBe("public, no-cache");
    const again = await get(server.port, "/", { headers: { "If-None-Match": String(page.headers.etag) } });
    expect(again.status).toBe(304);
    expect(again.body.byteLength).toBe(0);
  });

  it("compresses text for clients that take brotli, and only for them", async () => {
    const plain = await get(server.port, "/assets/app-Bx3fZk1q.js");
    const packed = await get(server.port, "/assets/app-Bx3fZk1q.js", { headers: { "Accept-Encoding": "gzip, br" } });
    expect(plain.headers["content-encoding"]).toBeUndefined();
    expect(packed.headers["content-encoding"]).toBe("br");
    expect(packed.body.byteLength).toBeLessThan(200);
    expect(brotliDecompressSync(packed.body)).toEqual(plain.body);
  });

  it("gives WebAssembly the type that streaming compilation needs", async () => {
    expect((await get(server.port, "/assets/core-Bx3fZk1q.wasm")).headers["content-type"]).toBe("application/wasm");
  });

  it.each([
    "/../secret.txt",
    "/assets/../../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/assets/..%5c..%5csecret.txt",
    "/.hidden",
    "//secret.txt",
    "/__proto__",
    "/constructor",
  ])("has nothing at %s", async (path) => {
    const { status, body } = await get(server.port, path);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body.toString()).not.toMatch(/outside|hidden/);
  });

  it.each(["/%", "/%ff", "http://[", "*"])("answers the malformed path %s without failing", async (path) => {
    expect((await get(server.port, path)).status).toBeGreaterThanOrEqual(400);
    expect((await get(server.port, "/health")).status).toBe(200);
  });

  it("accepts only reading methods", async () => {
    expect((await get(server.port, "/", { method: "POST" })).status).toBe(405);
    const head = await get(server.port, "/", { method: "HEAD" });
    expect(head.status).toBe(200);
    expect(head.body.byteLength).toBe(0);
  });

  it("reports its health", async () => {
    const { body } = await get(server.port, "/health");
    expect(JSON.parse(body.toString())).toMatchObject({ status: "ok", clients: 0 });
  });

  it("notices files that a new build adds or changes", async () => {
    await writeFile(join(root, "page/index.html"), "<!doctype html><title>second build</title>");
    expect((await get(server.port, "/")).body.toString()).toContain("second build");
  });

  it("says which port is taken", async () => {
    await expect(startServer({ port: server.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  it("explains what to do while there is no built page", async () => {
    const empty = await startServer({ port: 0, root: join(root, "nothing") });
    const { status, body } = await get(empty.port, "/");
    expect(status).toBe(404);
    expect(body.toString()).toContain("npm run build");
    await empty.close();
  });
});
