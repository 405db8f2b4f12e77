import { button, goTo } from "./steps.mjs";

/** Longest wait for the first results of a run, ms. */
const RUN_MS = 120_000;

/** The benchmark before, during and after a run that is cancelled when it has something to show. */
export const benchmarkScenes = {
  names: ["benchmark", "benchmark-running", "benchmark-results"],
  async run({ url, open, photograph, wants }) {
    const page = await open();
    await page.goto(url);
    await goTo(page, "Benchmark");
    await page.getByText("No results yet.").waitFor();
    await photograph(page, "benchmark");
    if (!wants("benchmark-running") && !wants("benchmark-results")) return;
    await button(page, "Start").click();
    await page.locator("antiphon-latency-heatmap td button").nth(1).waitFor({ timeout: RUN_MS });
    await photograph(page, "benchmark-running");
    await button(page, "Cancel, keep results").click();
    await page.locator("antiphon-bench-progress").waitFor({ state: "detached" });
    await photograph(page, "benchmark-results");
  },
};
