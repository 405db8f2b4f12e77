import type { SettingsPatch } from "../src/engine/index.ts";
import { compareRecording } from "../test/support/compare-recording.ts";
import { takeRecording } from "../test/support/output-recorder.ts";
import { resample } from "../test/support/resample.ts";
import { openRoomPage, type RoomPage } from "../test/support/room-page.ts";
import { createSpeechMicrophone, type SpeechMicrophone } from "../test/support/speech-microphone.ts";
import type { BenchOptions, BenchResult } from "./bench-result.ts";
import { serveCurrentPage } from "./browser/serve-current-page.ts";
import { formatTable } from "./format-table.ts";

/** Every sample of the talker counts, pauses too: nothing may be gated, and the level stays what it was. */
const TRANSPARENT: SettingsPatch = {
  capture: { suppressor: { kind: "off" }, activation: { mode: "open" }, leveler: { isEnabled: false } },
  input: { echoCancellation: false },
};

/** Lengths of the block, ms. */
const BLOCKS_MS = [500, 2_000] as const;

/** Time for connecting and for the jitter buffer to settle, then before and after each block, ms. */
const SETTLE_MS = 4_000;
const MARGIN_MS = 3_000;

type JankRow = {
  /** Whose main thread was blocked; `none` is the same stretch of time without a block. */
  readonly side: "none" | "sender" | "receiver";
  readonly blockMs: number;
  /** Speech of the talker that the receiver did not play, ms. */
  readonly lostMs: number;
  /** Samples the receiver made up during the call, ms. */
  readonly concealedMs: number;
  /** Of the half-second segments of speech in the receiver's output. */
  readonly medianCorrelation: number;
  readonly comparedSeconds: number;
};

/**
 * `npm run bench -- jank`: a call between two browser processes over the built page, with the main thread of either blocked
 * in the middle. What the receiver puts out is compared with what the talker said.
 */
export async function run(options: BenchOptions): Promise<BenchResult> {
  const talker = createSpeechMicrophone({ seconds: 40 });
  const server = await serveCurrentPage(options.progress);
  const rows: JankRow[] = [];
  try {
    rows.push(await measure(server.url, talker, "none", 0));
    for (const side of ["sender", "receiver"] as const) {
      for (const blockMs of BLOCKS_MS) {
        options.progress(`main thread of the ${side} blocked for ${blockMs} ms`);
        rows.push(await measure(server.url, talker, side, blockMs));
      }
    }
  } finally {
    await server.close();
    talker.remove();
  }
  const table = formatTable(
    "Audio lost while a main thread is blocked, ms",
    ["side", "block ms", "lost ms", "concealed ms", "correlation", "speech s"],
    rows.map((row) => [row.side, row.blockMs, row.lostMs, row.concealedMs, row.medianCorrelation, row.comparedSeconds]),
  );
  const note =
    "Lost: speech above -40 dBFS at the microphone where the receiver's output, aligned every half second, is 26 dB weaker.";
  return { json: { rows }, table: `${table}\n\n${note}` };
}

async function measure(
  url: string,
  talker: SpeechMicrophone,
  side: JankRow["side"],
  blockMs: number,
): Promise<JankRow> {
  const room = `jank-${side}-${blockMs}`;
  const receiver = await openRoomPage({ url, room, name: "Receiver", records: true, settings: TRANSPARENT });
  try {
    const sender = await openRoomPage({
      url,
      room,
      name: "Sender",
      microphone: talker.path,
      settings: TRANSPARENT,
    });
    try {
      await Promise.all([receiver.waitForPeers(1), sender.waitForPeers(1)]);
      await pause(SETTLE_MS);
      const before = await concealedSamples(receiver);
      await pause(MARGIN_MS);
      if (side !== "none") await block(side === "sender" ? sender : receiver, blockMs);
      await pause(MARGIN_MS);
      const after = await concealedSamples(receiver);
      const output = await takeRecording(receiver.page);
      const { sampleRate } = talker;
      const recording = resample(output.samples, output.sampleRate, sampleRate);
      // Only the part after settling is compared: connecting is not what this bench is about.
      const span = Math.round(((2 * MARGIN_MS + blockMs) / 1_000) * sampleRate);
      const comparison = compareRecording({
        sampleRate,
        source: repeat(talker.samples, 2),
        recording: recording.subarray(Math.max(0, recording.length - span)),
      });
      return {
        side,
        blockMs,
        lostMs: comparison.missingMs,
        concealedMs: (after - before) / 48,
        medianCorrelation: comparison.medianCorrelation,
        comparedSeconds: comparison.comparedSeconds,
      };
    } finally {
      await sender.close();
    }
  } finally {
    await receiver.close();
  }
}

/** Keeps the page's main thread busy, as a heavy script would. Resolves when it is free again. */
async function block({ page }: RoomPage, blockMs: number): Promise<void> {
  await page.evaluate((duration) => {
    const end = performance.now() + duration;
    while (performance.now() < end);
  }, blockMs);
}

async function concealedSamples(member: RoomPage): Promise<number> {
  const { peers } = await member.statistics();
  return peers.flatMap((peer) => peer.streams).reduce((sum, stream) => sum + stream.concealedSamples, 0);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function repeat(samples: Float32Array, times: number): Float32Array {
  const output = new Float32Array(samples.length * times);
  for (let turn = 0; turn < times; turn++) output.set(samples, turn * samples.length);
  return output;
}
