import type { Browser, Page } from "playwright-core";
import { distributionOf } from "../src/engine/measurement/distribution.ts";
import type { ImpairmentProfile } from "../src/engine/measurement/impairment.ts";
import { launchChromium } from "../test/support/chromium.ts";
import { relayCandidates } from "../test/support/relayed-candidates.ts";
import { type RelaySide, UdpRelay } from "../test/support/udp-relay.ts";
import type { BenchOptions, BenchResult } from "./bench-result.ts";
import type { FilePlan, FilesPage, FilesResult } from "./browser/page/network-files.ts";
import { serveBenchPage } from "./browser/serve-page.ts";
import { formatTable } from "./format-table.ts";

type Cell = { readonly name: string; readonly plan: FilePlan };

const KIB = 1024;

const cell = (on: FilePlan["on"], chunk: number, ceiling: number, isPaced = false): Cell => {
  const plan: FilePlan = { on, chunkBytes: chunk * KIB, ceilingBytes: ceiling * KIB, isPaced };
  const where = on === "same-connection" ? "same connection" : "second connection";
  return { name: `${where}, ${chunk} KiB of ${ceiling}${isPaced ? ", paced" : ""}`, plan };
};

/** Where the file goes, KiB a message, and KiB that may wait in the channel. */
const CELLS: readonly Cell[] = [
  { name: "no file", plan: { on: "none", chunkBytes: 0, ceilingBytes: 0, isPaced: false } },
  cell("same-connection", 64, 4096),
  cell("same-connection", 16, 64),
  cell("same-connection", 4, 8),
  cell("same-connection", 16, 64, true),
  cell("same-connection", 4, 8, true),
  cell("second-connection", 16, 64),
  cell("second-connection", 16, 64, true),
];

const path = (name: string, bitsPerSecond: number, queuePackets: number, loss = 0): ImpairmentProfile => ({
  name,
  delayMs: 20,
  jitterMs: 2,
  loss: loss === 0 ? { type: "none" } : { type: "random", fraction: loss },
  rate: { bitsPerSecond, queuePackets },
});

/** An uplink of 2 Mbit/s with a short and a long queue, and one with loss. */
const PATHS: readonly ImpairmentProfile[] = [
  path("2 Mbit/s, queue 30", 2_000_000, 30),
  path("2 Mbit/s, queue 100", 2_000_000, 100),
  path("5 Mbit/s, queue 60, 2 % loss", 5_000_000, 60, 0.02),
];

/**
 * `npm run bench -- network-files`: what a file under way does to voice packets, on the same connection and on a second one, in
 * Chromium through an impaired relay. `--seconds N`.
 */
export async function run(options: BenchOptions): Promise<BenchResult> {
  const seconds = Number(options.values.get("seconds") ?? (options.quick ? 4 : 15));
  const paths = options.quick ? PATHS.slice(0, 1) : PATHS;
  const served = await serveBenchPage("network-files");
  const browser = await launchChromium();
  const rows: FilesRow[] = [];
  try {
    for (const profile of paths) {
      for (const cell of CELLS) {
        options.progress(`${profile.name}: ${cell.name}`);
        rows.push(rowOf(profile, cell, await measure(browser, served.url, profile, cell.plan, seconds), seconds));
      }
    }
  } finally {
    await browser.close();
    await served.close();
  }
  const table = formatTable(
    "Voice packets beside a file",
    ["path", "file", "p50 ms", "p95 ms", "max ms", "lost %", "kept back %", "file kb/s"],
    rows.map((row) => [
      row.profile,
      row.file,
      row.delayP50Ms ?? undefined,
      row.delayP95Ms ?? undefined,
      row.delayMaxMs ?? undefined,
      row.lostPercent,
      row.keptBackPercent,
      Math.round(row.fileBitrate / 1000),
    ]),
  );
  return {
    json: { rows },
    table: `${table}\n\nDelay of 105-byte packets every 20 ms from send to message event. Lost: not kept back, never arrived.`,
  };
}

type FilesRow = {
  readonly profile: string;
  readonly file: string;
  readonly delayP50Ms: number | null;
  readonly delayP95Ms: number | null;
  readonly delayMaxMs: number | null;
  readonly lostPercent: number;
  readonly keptBackPercent: number;
  readonly fileBitrate: number;
};

function rowOf(profile: ImpairmentProfile, { name }: Cell, result: FilesResult, seconds: number): FilesRow {
  const delays = distributionOf(result.delaysMs);
  const given = result.sent - result.keptBack;
  return {
    profile: profile.name,
    file: name,
    delayP50Ms: delays?.p50 ?? null,
    delayP95Ms: delays?.p95 ?? null,
    delayMaxMs: delays?.max ?? null,
    lostPercent: (100 * Math.max(0, given - result.delaysMs.length)) / Math.max(1, result.sent),
    keptBackPercent: (100 * result.keptBack) / Math.max(1, result.sent),
    fileBitrate: (result.fileBytes * 8) / seconds,
  };
}

async function measure(
  browser: Browser,
  url: string,
  profile: ImpairmentProfile,
  plan: FilePlan,
  seconds: number,
): Promise<FilesResult> {
  const relay = new UdpRelay(1);
  const open = async (side: RelaySide): Promise<Page> => {
    const context = await browser.newContext({ permissions: ["microphone"] });
    await relayCandidates(context, relay, side);
    const page = await context.newPage();
    await page.goto(url);
    await page.waitForFunction(() => "filesPage" in globalThis);
    await call(page, "open");
    return page;
  };
  const near = await open("near");
  const far = await open("far");
  try {
    for (const index of [0, 1]) {
      const offer = await call(near, "describe", index);
      await call(far, "accept", index, offer);
      await call(near, "accept", index, await call(far, "describe", index));
    }
    await Promise.all([call(near, "connected"), call(far, "connected")]);
    relay.setProfile(profile);
    await call(near, "start", plan);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    await call(near, "stop");
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const sent = await call(near, "result");
    const received = await call(far, "result");
    return { ...received, sent: sent.sent, keptBack: sent.keptBack };
  } finally {
    await near.context().close();
    await far.context().close();
    await relay.close();
  }
}

/** Calls a function of the page. */
async function call<Name extends keyof FilesPage>(
  page: Page,
  name: Name,
  ...args: Parameters<FilesPage[Name]>
): Promise<Awaited<ReturnType<FilesPage[Name]>>> {
  const result: unknown = await page.evaluate(
    ([wanted, values]) => {
      const { filesPage } = globalThis as unknown as { filesPage: Record<string, (...all: unknown[]) => unknown> };
      return filesPage[wanted]?.(...values);
    },
    [name, args] as [string, unknown[]],
  );
  return result as Awaited<ReturnType<FilesPage[Name]>>;
}
