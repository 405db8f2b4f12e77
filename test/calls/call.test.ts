import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningServer } from "../../src/server/server.ts";
import { serveBuiltPage } from "../support/built-page.ts";
import { compareRecording } from "../support/compare-recording.ts";
import { takeRecording } from "../support/output-recorder.ts";
import { resample } from "../support/resample.ts";
import { openRoomPage, type RoomPage } from "../support/room-page.ts";
import { createSpeechMicrophone, type SpeechMicrophone } from "../support/speech-microphone.ts";

/** How long the call lasts after both have heard each other, ms. `CALL_SECONDS` in the environment makes it longer. */
const CALL_MS = 1_000 * Number(process.env.CALL_SECONDS ?? 12);

describe("a call between two browser processes over the built page", () => {
  let server: RunningServer;
  let ada: SpeechMicrophone;
  let bob: SpeechMicrophone;
  let first: RoomPage | undefined;
  let second: RoomPage | undefined;

  beforeAll(async () => {
    server = await serveBuiltPage();
    // Longer than the call: the synthetic microphone starts a file over with a pause of its own.
    const seconds = CALL_MS / 1_000 + 40;
    ada = createSpeechMicrophone({ seconds, seed: 1 });
    bob = createSpeechMicrophone({ seconds, seed: 2 });
  });

  afterAll(async () => {
    await Promise.all([first?.close(), second?.close()]);
    await server.close();
    ada.remove();
    bob.remove();
  });

  test("both hear what the other says, without a gap over 20 ms", { timeout: CALL_MS + 90_000 }, async () => {
    const settings = {
      input: { echoCancellation: false },
      capture: { suppressor: { kind: "off" }, activation: { mode: "open" }, leveler: { isEnabled: false } },
    } as const;
    const common = { url: server.url, room: "two-party", records: true, settings };
    first = await openRoomPage({ ...common, name: "Ada", microphone: ada.path });
    second = await openRoomPage({ ...common, name: "Bob", microphone: bob.path });
    await Promise.all([first.waitForPeers(1), second.waitForPeers(1)]);
    await new Promise((resolve) => setTimeout(resolve, CALL_MS));

    const sides = [
      { listener: first, talker: bob },
      { listener: second, talker: ada },
    ];
    const heard = await Promise.all(
      sides.map(async ({ listener, talker }) => ({
        talker,
        output: await takeRecording(listener.page),
        errors: listener.errors,
        statistics: await listener.statistics(),
      })),
    );
    // The comparison needs the processor for itself.
    await Promise.all([first.close(), second.close()]);
    for (const { talker, output, errors, statistics } of heard) {
      const { sampleRate } = talker;
      const samples = resample(output.samples, output.sampleRate, sampleRate);
      // The first seconds belong to the jitter buffer, which knows nothing of the path yet.
      const recording = samples.subarray(Math.max(0, samples.length - Math.round((CALL_MS / 1_000 - 3) * sampleRate)));
      const comparison = compareRecording({ sampleRate, source: talker.samples, recording });
      expect(comparison.comparedSeconds).toBeGreaterThan((CALL_MS / 1_000) * 0.4);
      expect(comparison.levelCorrelation).toBeGreaterThan(0.8);
      expect(comparison.longestGapMs).toBeLessThanOrEqual(20);
      expect(errors).toEqual([]);
      const { voicePath, usesSharedMemory } = statistics;
      expect({ voicePath, usesSharedMemory }).toEqual({ voicePath: "worker", usesSharedMemory: true });
    }
  });
});
