import { defaultReporter } from "@web/test-runner";
import { playwrightLauncher } from "@web/test-runner-playwright";
import { createServer } from "vite";
import { chromiumPath, chromiumSwitches } from "./test/support/chromium-path.mjs";
import { summaryReporter } from "./test/support/wtr-summary-reporter.mjs";

/**
 * In-browser tests run through Vite's own dev server in middleware mode, so that a worklet imported by
 * `?worker&url` or a module of `wasm/dist` loads exactly as it does in the page. The test runner keeps its own paths.
 */
const vite = await createServer({
  configFile: false,
  root: import.meta.dirname,
  appType: "custom",
  logLevel: "warn",
  server: { middlewareMode: true, hmr: false, watch: null, ws: false },
  optimizeDeps: { entries: ["test/browser/**/*.test.ts"], include: ["chai"] },
});

const isRunnerPath = (path) =>
  path === "/" || path.startsWith("/__web-") || path.startsWith("/__wds") || path.startsWith("/node_modules/@web/");

const isolation = (context, next) => {
  context.set("Cross-Origin-Opener-Policy", "same-origin");
  context.set("Cross-Origin-Embedder-Policy", "require-corp");
  context.set("Cross-Origin-Resource-Policy", "same-origin");
  return next();
};

const throughVite = (context, next) => {
  if (isRunnerPath(context.path)) return next();
  return new Promise((resolve, reject) => {
    context.respond = false;
    context.res.statusCode = 200;
    context.res.on("close", resolve);
    vite.middlewares(context.req, context.res, (error) => {
      context.respond = true;
      if (error) reject(error);
      else Promise.resolve(next()).then(resolve, reject);
    });
  });
};

export default {
  files: "test/browser/**/*.test.ts",
  nodeResolve: false,
  // Most of the time a page waits for audio in real time: two cores are enough for two.
  concurrency: 2,
  testsStartTimeout: 30_000,
  testsFinishTimeout: 120_000,
  // Audio in real time, on a machine that others may use: what fails twice more is broken.
  testFramework: { config: { timeout: 20_000, retries: 2 } },
  middleware: [isolation, throughVite],
  reporters: [defaultReporter({ reportTestResults: true, reportTestProgress: false }), summaryReporter()],
  browsers: [
    playwrightLauncher({
      product: "chromium",
      launchOptions: {
        executablePath: chromiumPath(),
        headless: false,
        ignoreDefaultArgs: ["--mute-audio"],
        args: [...chromiumSwitches],
      },
    }),
  ],
  plugins: [
    {
      name: "close-vite",
      async serverStop() {
        await vite.close();
      },
    },
  ],
};
