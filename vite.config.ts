import { defineConfig } from "vite";

export default defineConfig({
  // Relative addresses, so that the built page works in any folder of any host.
  base: "./",
  build: {
    outDir: "dist/page",
    target: "es2022",
    // Worklets and WebAssembly stay files: the page's content security policy allows no data: scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: true,
  },
  worker: { format: "es" },
});
