import { defineConfig } from "vite";
import { precacheManifest } from "./scripts/precache-manifest.mjs";

export default defineConfig({
  // Relative addresses, so that the built page works in any folder of any host.
  base: "./",
  plugins: [precacheManifest()],
  build: {
    outDir: "dist/page",
    target: "es2022",
    // Worklets and WebAssembly stay files: the page's content security policy allows no data: scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: true,
    rolldownOptions: {
      input: {
        index: "index.html",
        "example-room": "docs/examples/room/index.html",
        "example-recorder": "docs/examples/recorder/index.html",
        "service-worker": "src/ui/offline/service.worker.ts",
      },
      output: {
        // The worker's name must stay: browsers look for its updates under the address it was registered with.
        entryFileNames: ({ name }) => (name === "service-worker" ? "[name].js" : "assets/[name]-[hash].js"),
      },
    },
  },
  worker: { format: "es" },
});
