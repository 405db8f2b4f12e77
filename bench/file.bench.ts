import type { CDPSession } from "playwright-core";
import { launchChromium } from "../test/support/chromium.ts";
import { RoomMember } from "../test/support/room-member.ts";
import { createSpeechMicrophone } from "../test/support/speech-microphone.ts";
import type { BenchOptions, BenchResult } from "./bench-result.ts";
import { serveCurrentPage } from "./browser/serve-current-page.ts";
import { acceptFiles, breakLinks, type FileOnPage, fileHash, fileStates, offerFile } from "./file-pages.ts";
import { formatTable } from "./format-table.ts";
import { type VoiceCounts, VoiceTally } from "./voice-tally.ts";

/** How voice fared in one phase, at the receiver of the file. */
type FileRow = {
  readonly phase: "voice alone" | "voice beside the file" | "connection broken, file resumed";
  readonly seconds: number;
  /** Mean time between a packet's arrival and its playout, ms. */
  readonly jitterBufferMs: number;
  /** Round trip of the voice channel, mean of what was reported, ms. */
  readonly roundTripMs: number;
  readonly concealedPercent: number;
  readonly lostPercent: number;
};

/** Time between two looks at the figures, ms. */
const LOOK_MS = 500;

/**
 * `npm run bench -- file`: 200 MB from one member to another during a call, the connection broken half-way. Voice is
 * measured before and meanwhile. `--megabytes N` sends another amount.
 */
export async function run(options: BenchOptions): Promise<BenchResult> {
  const megabytes = Number(options.values.get("megabytes") ?? (options.quick ? 20 : 200));
  const aloneSeconds = options.quick ? 8 : 30;
  const server = await serveCurrentPage(options.progress);
  const speech = createSpeechMicrophone({ seconds: 20, seed: 6 });
  const [near, far] = await Promise.all([
    launchChromium({ microphone: speech.path }),
    launchChromium({ microphone: speech.path }),
  ]);
  try {
    const room = { url: server.url, room: "file-bench", secret: "bench" };
    const sender = await RoomMember.join(near, { ...room, name: "Sender" });
    const receiver = await RoomMember.join(far, { ...room, name: "Receiver" });
    await Promise.all([sender.waitToSee(["Receiver"]), receiver.waitToSee(["Sender"])]);
    await Promise.all([sender.waitToHear(200), receiver.waitToHear(200)]);

    options.progress(`voice alone for ${aloneSeconds} s`);
    const alone = await measureVoice(receiver, "voice alone", async () => {
      await new Promise((resolve) => setTimeout(resolve, aloneSeconds * 1000));
    });

    options.progress(`${megabytes} MB beside voice`);
    const session = await receiver.context.newCDPSession(receiver.page);
    await acceptFiles(receiver.page);
    const heapBefore = await heapMegabytes(session);
    let heapPeak = heapBefore;
    let states: FileOnPage = { state: "offered", received: 0 };
    const started = performance.now();
    const sha256 = await offerFile(sender.page, megabytes);
    const until = async (isReached: () => boolean): Promise<void> => {
      while (!isReached()) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
        states = await fileStates(receiver.page);
        heapPeak = Math.max(heapPeak, await heapMegabytes(session));
        if (states.state === "failed" || states.state === "cancelled") throw new Error("The transfer has failed");
      }
    };
    const beside = await measureVoice(receiver, "voice beside the file", () =>
      until(() => states.received > megabytes * 1e6 * 0.5),
    );
    const brokenAt = states.received;
    options.progress(`broken after ${(brokenAt / 1e6).toFixed(0)} MB`);
    const broken = await measureVoice(receiver, "connection broken, file resumed", async () => {
      await breakLinks(receiver.page);
      await until(() => states.state === "done");
    });
    const seconds = (performance.now() - started) / 1000;
    const transfer = {
      megabytes,
      seconds,
      megabytesPerSecond: megabytes / seconds,
      resumedAtMegabytes: brokenAt / 1e6,
      isHashEqual: (await fileHash(receiver.page)) === sha256,
      receiverHeapBeforeMegabytes: heapBefore,
      receiverHeapPeakMegabytes: heapPeak,
    };
    return { json: { rows: [alone, beside, broken], transfer }, table: tableOf([alone, beside, broken], transfer) };
  } finally {
    await Promise.all([near.close(), far.close()]);
    await server.close();
    speech.remove();
  }
}

async function measureVoice(
  member: RoomMember,
  phase: FileRow["phase"],
  during: () => Promise<void>,
): Promise<FileRow> {
  const roundTrips: number[] = [];
  const tally = new VoiceTally((await voiceCounts(member)).counts);
  const look = async (): Promise<void> => {
    const { counts, roundTripMs } = await voiceCounts(member);
    tally.add(counts);
    if (roundTripMs > 0) roundTrips.push(roundTripMs);
  };
  const looking = setInterval(() => void look().catch(() => undefined), LOOK_MS);
  const started = performance.now();
  await during();
  clearInterval(looking);
  await look();
  return {
    phase,
    seconds: (performance.now() - started) / 1000,
    jitterBufferMs: tally.jitterBufferMs,
    roundTripMs: roundTrips.reduce((sum, value) => sum + value, 0) / Math.max(1, roundTrips.length),
    concealedPercent: tally.concealedPercent,
    lostPercent: tally.lostPercent,
  };
}

async function voiceCounts(
  member: RoomMember,
): Promise<{ readonly counts: VoiceCounts; readonly roundTripMs: number }> {
  const { peers } = await member.statistics();
  const streams = peers.flatMap((peer) => peer.streams);
  const sum = (value: (stream: (typeof streams)[number]) => number): number =>
    streams.reduce((total, stream) => total + value(stream), 0);
  const counts: VoiceCounts = {
    delay: sum((stream) => stream.jitterBufferDelay),
    emitted: sum((stream) => stream.jitterBufferEmittedCount),
    concealed: sum((stream) => stream.concealedSamples),
    total: sum((stream) => stream.totalSamplesReceived),
    received: sum((stream) => stream.packetsReceived),
    lost: sum((stream) => stream.packetsLost),
  };
  return { counts, roundTripMs: Math.max(0, ...peers.map(({ roundTripTimeMs }) => roundTripTimeMs ?? 0)) };
}

/** Heap of a page with its array buffers, MB. */
async function heapMegabytes(session: CDPSession): Promise<number> {
  const usage = (await session.send("Runtime.getHeapUsage")) as { usedSize: number; backingStorageSize?: number };
  return (usage.usedSize + (usage.backingStorageSize ?? 0)) / 1e6;
}

function tableOf(rows: readonly FileRow[], transfer: Readonly<Record<string, number | boolean>>): string {
  const table = formatTable(
    "Voice beside a file",
    ["phase", "seconds", "jitter buffer ms", "round trip ms", "concealed %", "lost %"],
    rows.map((row) => [
      row.phase,
      Math.round(row.seconds),
      row.jitterBufferMs,
      row.roundTripMs,
      row.concealedPercent,
      row.lostPercent,
    ]),
  );
  const figures = Object.entries(transfer).map(
    ([name, value]) => `  ${name}: ${typeof value === "number" ? value.toFixed(1) : value}`,
  );
  return `${table}\n\n${figures.join("\n")}\n
Over loopback between two browser processes; what is missing of the voice while the broken connection is replaced counts in the last phase.
Excluded: paths with less capacity than loopback, and what the browser's blob store takes on disk.`;
}
