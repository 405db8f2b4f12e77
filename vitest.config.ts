import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Calls in real time, on a machine that others may use: what fails twice more is broken. */
const RETRIES = 2;

/**
 * Three projects. `node` holds every test that needs no browser: the pure cores, simulations under virtual time, the
 * server and the set-up scripts. The others drive a real Chromium against the built page: `e2e` its screens, two files at
 * a time, and `calls` what several people hear of each other and how soon, which needs the machine for itself.
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
          maxWorkers: availableParallelism(),
        },
      },
      {
        test: {
          name: "e2e",
          environment: "node",
          include: ["test/e2e/**/*.e2e.ts"],
          testTimeout: 90_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
          retry: RETRIES,
        },
      },
      {
        test: {
          name: "calls",
          environment: "node",
          include: ["test/calls/**/*.test.ts"],
          testTimeout: 90_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          retry: RETRIES,
        },
      },
    ],
  },
});
