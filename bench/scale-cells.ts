import { launchChromium } from "../test/support/chromium.ts";
import type { ScaleCell, ScaleCellResult } from "./browser/scale-cell.ts";
import { serveBenchPage } from "./browser/serve-page.ts";

/** Runs cells of the scale bench one after another on an audio thread of headless Chromium. */
export async function measureCells(
  cells: readonly ScaleCell[],
  progress: (message: string) => void,
): Promise<readonly { readonly cell: ScaleCell; readonly result: ScaleCellResult }[]> {
  const page = await serveBenchPage("scale");
  const browser = await launchChromium();
  try {
    const tab = await browser.newPage();
    tab.on("pageerror", (error) => progress(`page: ${error.message}`));
    await tab.goto(page.url);
    await tab.waitForFunction(() => "measureCell" in globalThis);
    const measured: { readonly cell: ScaleCell; readonly result: ScaleCellResult }[] = [];
    for (const cell of cells) {
      progress(`${cell.peers} peers`);
      const result = await tab.evaluate(
        (wanted) =>
          (globalThis as unknown as { measureCell(cell: ScaleCell): Promise<ScaleCellResult> }).measureCell(wanted),
        cell,
      );
      measured.push({ cell, result });
    }
    return measured;
  } finally {
    await browser.close();
    await page.close();
  }
}
