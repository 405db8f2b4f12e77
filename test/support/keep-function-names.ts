import type { BrowserContext } from "playwright-core";

/**
 * Lets functions that tsx compiled run in pages of `context`: it wraps named functions in a helper that pages do not have.
 * Call before opening pages.
 */
export async function keepFunctionNames(context: BrowserContext): Promise<void> {
  await context.addInitScript({ content: "globalThis.__name ??= (named) => named;" });
}
