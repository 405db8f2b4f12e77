import { chromium } from "playwright-core";
import { chromiumPath, chromiumSwitches } from "../test/support/chromium-path.mjs";
import { openAcousticRoom } from "./acoustic-room.ts";
import type { BenchOptions, BenchResult } from "./bench-result.ts";
import type { EchoMeasurement, EchoRoute } from "./browser/page/echo.ts";
import { serveBenchPage } from "./browser/serve-page.ts";
import { formatTable } from "./format-table.ts";

/** From the loudspeaker to the microphone of a laptop: 40 ms of devices and air, 12 dB quieter. */
const PATH = { delayMs: 40, gainDb: -12 } as const;

type Row = {
  readonly route: EchoRoute;
  /** Level of the far voice at the microphone, dBFS RMS. */
  readonly withoutDb: number;
  readonly withDb: number;
  /** Echo return loss enhancement. */
  readonly cancelledDb: number;
  readonly isCancelling: boolean | null;
};

/**
 * `npm run bench -- echo`: how much of a far voice the browser's echo canceller takes out of the microphone when the engine's
 * AudioContext plays it, beside an `<audio>` element that plays it. The loudspeaker is fed back to the microphone by a private
 * PulseAudio server, which has to be installed.
 */
export async function run({ progress }: BenchOptions): Promise<BenchResult> {
  const room = await openAcousticRoom(PATH);
  const served = await serveBenchPage("echo");
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    headless: false,
    ignoreDefaultArgs: ["--mute-audio"],
    args: chromiumSwitches.filter((name) => name !== "--use-fake-device-for-media-stream"),
    env: { ...(process.env as Record<string, string>), ...room.environment },
  });
  try {
    const page = await browser.newPage();
    await page.goto(served.url);
    await page.waitForFunction(() => "measureEcho" in globalThis);
    const measure = (route: EchoRoute, echoCancellation: boolean): Promise<EchoMeasurement> =>
      page.evaluate(
        ([way, isOn]) =>
          (
            globalThis as unknown as { measureEcho(way: EchoRoute, isOn: boolean): Promise<EchoMeasurement> }
          ).measureEcho(way, isOn),
        [route, echoCancellation] as const,
      );
    const rows: Row[] = [];
    for (const route of ["engine", "audio-element"] as const) {
      progress(`the far voice is played by the ${route}`);
      const without = await measure(route, false);
      const cancelled = await measure(route, true);
      rows.push({
        route,
        withoutDb: without.echoDb,
        withDb: cancelled.echoDb,
        cancelledDb: without.echoDb - cancelled.echoDb,
        isCancelling: cancelled.isCancelling ?? null,
      });
    }
    return { json: { ...PATH, rows }, table: table(rows) };
  } finally {
    await browser.close();
    await served.close();
    room.close();
  }
}

function table(rows: readonly Row[]): string {
  const cells = rows.map(({ route, withoutDb, withDb, cancelledDb }) => [route, withoutDb, withDb, cancelledDb]);
  return `${formatTable("Echo of a far voice at the microphone", ["played by", "echo, dBFS", "with cancellation", "cancelled, dB"], cells)}\nNobody speaks near the microphone; double talk is not measured.`;
}
