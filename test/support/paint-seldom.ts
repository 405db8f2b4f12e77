import type { BrowserContext } from "playwright-core";

/** Between two paintings of a page's meters, ms. */
const PAINT_MS = 500;

/**
 * Lets the meters of the pages of `context` paint twice a second. Without a GPU a page spends a third of a core on painting sixty
 * times a second, on a machine that calls in real time share.
 */
export async function paintSeldom(context: BrowserContext): Promise<void> {
  await context.addInitScript((everyMs) => {
    const paint = globalThis.requestAnimationFrame.bind(globalThis);
    globalThis.requestAnimationFrame = (callback) => setTimeout(() => paint(callback), everyMs) as unknown as number;
    globalThis.cancelAnimationFrame = (request) => clearTimeout(request);
  }, PAINT_MS);
}
