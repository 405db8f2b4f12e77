import { defineConfig } from "vitest/config";

/**
 * Two projects. `node` holds every test that needs no browser: the pure cores, simulations under virtual time, the
 * server and the set-up scripts. `e2e` drives a real Chromium against the built page and runs one file at a time.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "node",
          environment: "node",
          include: ["test/{engine,simulation,server,setup,repository}/**/*.test.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "e2e",
          environment: "node",
          include: ["test/e2e/**/*.e2e.ts"],
          testTimeout: 90_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          // Calls in real time, on a machine that others may use: what fails twice more is broken.
          retry: 2,
        },
      },
    ],
  },
});
