import type { Browser } from "playwright-core";
import { serveBuiltPage } from "../test/support/built-page.ts";
import { launchChromium } from "../test/support/chromium.ts";
import { RoomMember } from "../test/support/room-member.ts";
import { createSpeechMicrophone } from "../test/support/speech-microphone.ts";
import type { BenchOptions, BenchResult } from "./bench-result.ts";
import { formatTable } from "./format-table.ts";

/** Everybody has to be connected to everybody within this time, ms. */
const CONNECT_MS = 120_000;

type MeshRow = {
  readonly peers: number;
  readonly seconds: number;
  /** All processes of the browser together, as a share of one core, by member. */
  readonly cpuPercentPerPeer: number;
  /** One member's traffic in each direction, kbit/s with IP and UDP headers. */
  readonly uplinkKbps: number;
  readonly downlinkKbps: number;
  /** Made-up samples as a share of all, the worst pair. */
  readonly concealedPercent: number;
  /** From the last member's click to the last pair hearing each other, ms. */
  readonly joinMs: number;
};

type Traffic = { readonly sent: number; readonly received: number };

/**
 * `npm run bench -- mesh`: rooms of 2, 4 and 8 members on one machine, each in a browser context of its own, all talking.
 * Says what one more member costs, from which the room's capacity follows.
 */
export async function run(options: BenchOptions): Promise<BenchResult> {
  const sizes = (options.values.get("peers") ?? (options.quick ? "2,4" : "2,4,8")).split(",").map(Number);
  const seconds = Number(options.values.get("seconds") ?? (options.quick ? 10 : 60));
  const server = await serveBuiltPage();
  const speech = createSpeechMicrophone({ seconds: 20, seed: 5 });
  const rows: MeshRow[] = [];
  try {
    for (const peers of sizes) {
      options.progress(`${peers} members for ${seconds} s`);
      const browser = await launchChromium({ microphone: speech.path });
      try {
        const row = await measure(browser, { url: server.url, peers, seconds });
        rows.push(row);
        options.progress(
          `${row.cpuPercentPerPeer.toFixed(1)} % of a core and ${row.uplinkKbps.toFixed(0)} kb/s a member`,
        );
      } finally {
        await browser.close();
      }
    }
  } finally {
    await server.close();
    speech.remove();
  }
  return { json: { rows }, table: tableOf(rows) };
}

async function measure(
  browser: Browser,
  { url, peers, seconds }: { readonly url: string; readonly peers: number; readonly seconds: number },
): Promise<MeshRow> {
  const members: RoomMember[] = [];
  const names = Array.from({ length: peers }, (_, index) => `Member${index}`);
  let joinStarted = 0;
  for (const name of names) {
    joinStarted = performance.now();
    members.push(await RoomMember.join(browser, { url, room: `mesh-${peers}`, name, secret: "bench" }));
  }
  await Promise.all(
    members.map((member) =>
      member.waitToSee(
        names.filter((name) => name !== member.name),
        CONNECT_MS,
      ),
    ),
  );
  await Promise.all(members.map((member) => member.waitToHear(1)));
  const joinMs = performance.now() - joinStarted;
  const [cpuBefore, trafficBefore, heardBefore] = await snapshot(browser, members);
  const started = performance.now();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const [cpuAfter, trafficAfter, heardAfter] = await snapshot(browser, members);
  const elapsed = (performance.now() - started) / 1000;
  const kbps = (pick: (traffic: Traffic) => number): number => {
    const bytes = trafficAfter.map((traffic, index) => pick(traffic) - pick(trafficBefore[index] ?? traffic));
    return (8 * mean(bytes)) / 1000 / elapsed;
  };
  const concealed = heardAfter.flatMap((heard, index) =>
    heard.map((peer) => {
      const before = heardBefore[index]?.find(({ name }) => name === peer.name);
      const total = peer.totalSamples - (before?.totalSamples ?? 0);
      return total === 0 ? 100 : (100 * (peer.concealedSamples - (before?.concealedSamples ?? 0))) / total;
    }),
  );
  return {
    peers,
    seconds: elapsed,
    cpuPercentPerPeer: (100 * (cpuAfter - cpuBefore)) / elapsed / peers,
    uplinkKbps: kbps(({ sent }) => sent),
    downlinkKbps: kbps(({ received }) => received),
    concealedPercent: Math.max(...concealed),
    joinMs,
  };
}

async function snapshot(browser: Browser, members: readonly RoomMember[]) {
  return [
    await cpuSeconds(browser),
    await Promise.all(members.map((member) => member.traffic())),
    await Promise.all(members.map((member) => member.heard())),
  ] as const;
}

/** Processor time of all processes of a browser so far, seconds. */
async function cpuSeconds(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function tableOf(rows: readonly MeshRow[]): string {
  const table = formatTable(
    "A mesh on one machine",
    ["members", "seconds", "CPU % a member", "up kb/s", "down kb/s", "concealed % (worst pair)", "join ms"],
    rows.map((row) => [
      row.peers,
      Math.round(row.seconds),
      row.cpuPercentPerPeer,
      Math.round(row.uplinkKbps),
      Math.round(row.downlinkKbps),
      row.concealedPercent,
      Math.round(row.joinMs),
    ]),
  );
  return `${table}\n
CPU is that of all processes of the browser, shared out: page, network process and audio included, and so is drawing the
page without a graphics card. Everybody talks all the time over loopback; real members pause. Excluded: the network's own
limits, and the operating system's work for the sockets.`;
}
