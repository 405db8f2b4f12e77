import type { Browser } from "playwright-core";
import { ROOM_CAPACITY } from "../src/engine/room.ts";
import { launchChromium } from "../test/support/chromium.ts";
import { RoomMember } from "../test/support/room-member.ts";
import { createSpeechMicrophone } from "../test/support/speech-microphone.ts";
import type { BenchOptions, BenchResult } from "./bench-result.ts";
import { serveCurrentPage } from "./browser/serve-current-page.ts";
import { serveBenchPage } from "./browser/serve-page.ts";
import { formatTable } from "./format-table.ts";

/** Latency asked of the audio devices of members without a page, s: what a machine that carries many of them would ask for. */
const LATENCY_HINT = 0.02;

/** Time for caches, tiers of compiled code and jitter buffers to settle before anything is counted, ms. */
const SETTLE_MS = 10_000;

/** Everybody has to be connected to everybody within this time, ms. */
const CONNECT_MS = 120_000;

/** What a member is: an application's engine without anything drawn, or the whole page. */
type Embedding = "engine" | "page";

type MeshRow = {
  readonly embedding: Embedding;
  readonly peers: number;
  readonly seconds: number;
  /** All processes of the browser together, as a share of one core, by member. */
  readonly cpuPercentPerPeer: number;
  /** The same by kind of process. */
  readonly cpuPercentByProcess: Readonly<Record<string, number>>;
  /** One member's traffic in each direction, kbit/s with IP and UDP headers. */
  readonly uplinkKbps: number;
  readonly downlinkKbps: number;
  /** Made-up samples as a share of all, the worst pair. */
  readonly concealedPercent: number;
  /** From the last member's click to the last pair hearing each other, ms. */
  readonly joinMs: number;
};

type Traffic = { readonly sent: number; readonly received: number };

/** What one more member adds to what each costs, and what a full room then asks of each member's own machine. */
type MeshGrowth = {
  readonly embedding: Embedding;
  readonly cpuPercentPerAddedPeer: number;
  readonly uplinkKbpsPerAddedPeer: number;
  /** For a room of `ROOM_CAPACITY`, on the straight line through the smallest and the largest room measured. */
  readonly cpuPercentAtCapacity: number;
  readonly uplinkKbpsAtCapacity: number;
};

/**
 * `npm run bench -- mesh`: rooms of 2, 4, 6 and 8 members on one machine, each in a browser context of its own, all talking.
 * Says what one more member costs, from which the room's capacity follows. `--with engine` (as a library embeds it, nothing
 * drawn), `page`, or `engine,page`; `--peers 2,4`; `--seconds N`; `--hint SECONDS` asks the engine's audio devices for
 * another latency.
 */
export async function run(options: BenchOptions): Promise<BenchResult> {
  const sizes = (options.values.get("peers") ?? (options.quick ? "2,4" : "2,4,6,8")).split(",").map(Number);
  const seconds = Number(options.values.get("seconds") ?? (options.quick ? 10 : 60));
  const hint = Number(options.values.get("hint") ?? LATENCY_HINT);
  const embeddings = (options.values.get("with") ?? "engine").split(",").map(toEmbedding);
  const server = await serveCurrentPage(options.progress);
  const bare = await serveBenchPage("mesh");
  const speech = createSpeechMicrophone({ seconds: 20, seed: 5 });
  const urls = { page: server.url, engine: `${bare.url}?signalling=${server.port}&hint=${hint}` } as const;
  const rows: MeshRow[] = [];
  const failures: string[] = [];
  try {
    for (const embedding of embeddings) {
      for (const peers of sizes) {
        options.progress(`${peers} members (${embedding}) for ${seconds} s`);
        const browser = await launchChromium({ microphone: speech.path });
        try {
          const row = await measure(browser, { embedding, url: urls[embedding], peers, seconds });
          rows.push(row);
          const { cpuPercentPerPeer: cpu, uplinkKbps } = row;
          options.progress(`${cpu.toFixed(1)} % of a core and ${uplinkKbps.toFixed(0)} kb/s a member`);
        } catch (error) {
          // A room that does not come together on this machine is a finding; the smaller ones still count.
          const [why] = (error instanceof Error ? error.message : String(error)).split("\n");
          failures.push(`${peers} members (${embedding}) did not hold: ${why}`);
          options.progress(failures.at(-1) ?? "");
        } finally {
          await browser.close();
        }
      }
    }
  } finally {
    await bare.close();
    await server.close();
    speech.remove();
  }
  const growth = embeddings.flatMap((embedding) => growthOf(embedding, rows));
  return { json: { rows, growth, failures }, table: tableOf({ rows, growth, failures, hint }) };
}

function toEmbedding(name: string): Embedding {
  if (name === "engine" || name === "page") return name;
  throw new RangeError(`--with takes engine, page or engine,page: ${name}`);
}

function growthOf(embedding: Embedding, all: readonly MeshRow[]): MeshGrowth[] {
  const rows = all.filter((row) => row.embedding === embedding).sort((a, b) => a.peers - b.peers);
  const [small, large] = [rows[0], rows.at(-1)];
  if (small === undefined || large === undefined || small === large) return [];
  const added = large.peers - small.peers;
  const cpu = (large.cpuPercentPerPeer - small.cpuPercentPerPeer) / added;
  const uplink = (large.uplinkKbps - small.uplinkKbps) / added;
  const missing = ROOM_CAPACITY - small.peers;
  return [
    {
      embedding,
      cpuPercentPerAddedPeer: cpu,
      uplinkKbpsPerAddedPeer: uplink,
      cpuPercentAtCapacity: small.cpuPercentPerPeer + missing * cpu,
      uplinkKbpsAtCapacity: small.uplinkKbps + missing * uplink,
    },
  ];
}

async function measure(
  browser: Browser,
  {
    embedding,
    url,
    peers,
    seconds,
  }: { readonly embedding: Embedding; readonly url: string; readonly peers: number; readonly seconds: number },
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
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
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
  const byProcess = [...cpuAfter].map(
    ([type, spent]) => [type, (100 * (spent - (cpuBefore.get(type) ?? 0))) / elapsed / peers] as const,
  );
  return {
    embedding,
    peers,
    seconds: elapsed,
    cpuPercentPerPeer: byProcess.reduce((sum, [, percent]) => sum + percent, 0),
    cpuPercentByProcess: Object.fromEntries(byProcess),
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

/** Processor time of a browser's processes so far by their kind, seconds. */
async function cpuSeconds(browser: Browser): Promise<ReadonlyMap<string, number>> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const spent = new Map<string, number>();
  for (const { type, cpuTime } of processInfo) {
    // The services are called by their interface: "network.mojom.NetworkService".
    const kind = type.split(".").at(0)?.toLowerCase() ?? type;
    spent.set(kind, (spent.get(kind) ?? 0) + cpuTime);
  }
  return spent;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const PROCESSES = ["renderer", "audio", "network", "gpu", "browser"] as const;

function tableOf(found: {
  readonly rows: readonly MeshRow[];
  readonly growth: readonly MeshGrowth[];
  readonly failures: readonly string[];
  readonly hint: number;
}): string {
  const table = formatTable(
    "A mesh on one machine",
    [
      ...["member is", "members", "seconds", "CPU % a member", ...PROCESSES.map((kind) => `${kind} %`)],
      ...["up kb/s", "down kb/s", "concealed % (worst pair)", "join ms"],
    ],
    found.rows.map((row) => [
      ...[row.embedding, row.peers, Math.round(row.seconds), row.cpuPercentPerPeer],
      ...PROCESSES.map((kind) => row.cpuPercentByProcess[kind] ?? 0),
      ...[Math.round(row.uplinkKbps), Math.round(row.downlinkKbps), row.concealedPercent, Math.round(row.joinMs)],
    ]),
  );
  const lines = found.growth.map(
    (growth) =>
      `One more member (${growth.embedding}) costs ${growth.cpuPercentPerAddedPeer.toFixed(1)} % of a core and ` +
      `${growth.uplinkKbpsPerAddedPeer.toFixed(0)} kb/s up. Extrapolated, not measured: each of ${ROOM_CAPACITY} members, ` +
      `the most a room takes, would spend ${growth.cpuPercentAtCapacity.toFixed(0)} % of a core and ` +
      `${growth.uplinkKbpsAtCapacity.toFixed(0)} kb/s up.`,
  );
  return `${[table, ...lines, ...found.failures].join("\n\n")}\n
"engine" is a member without a page: the engine as an application embeds it, nothing drawn, audio devices asked for a latency
of ${found.hint * 1000} ms. "page" is the built page at its least latency, drawn without a graphics card.
CPU is that of all processes of the browser, shared out: network process and audio included. Everybody talks all the time over
loopback; real members pause. Excluded: the network's own limits, the operating system's work
for the sockets, and the page's meters, which are painted twice a second only.`;
}
