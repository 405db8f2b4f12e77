import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Note, VoiceEngine } from "../../src/engine/index.ts";
import { MatchedFilter } from "../../src/engine/measurement/matched-filter.ts";
import type { RunningServer } from "../../src/server/server.ts";
import { serveBuiltPage } from "../support/built-page.ts";
import { compareRecording } from "../support/compare-recording.ts";
import { normalizedCorrelation } from "../support/normalized-correlation.ts";
import { openRoomPage, type RoomPage } from "../support/room-page.ts";
import { createSpeechMicrophone, type SpeechMicrophone } from "../support/speech-microphone.ts";

type Engine = { readonly antiphon: VoiceEngine };
type Sound = Float32Array;
type Track = Pick<Note, "speaker" | "samples" | "origin" | "groupId"> & { readonly path: string };

const RATE = 48_000;
/** A sample louder than this is sound, linear (−50 dBFS). */
const AUDIBLE = 0.003;
/** Recorded before somebody comes late, and after. */
const SECONDS = 5;
/** Nothing between the microphone and the recording that would make them differ, but Opus. */
const PLAIN = {
  capture: {
    suppressor: { kind: "off" },
    activation: { mode: "open" },
    leveler: { isEnabled: false },
    highPass: { isEnabled: false },
  },
  input: { echoCancellation: false },
} as const;

describe("a call recorded by one of three", { timeout: 120_000 }, () => {
  let server: RunningServer;
  let folder = "";
  const talkers = new Map<string, SpeechMicrophone>();
  const rooms: RoomPage[] = [];

  beforeAll(async () => {
    server = await serveBuiltPage();
    folder = mkdtempSync(join(tmpdir(), "antiphon-call-"));
    // Longer than the test: the synthetic microphone starts a file over with a pause of its own.
    for (const [seed, name] of ["Ada", "Bob", "Eve"].entries())
      talkers.set(name, createSpeechMicrophone({ seconds: 60, seed: seed + 1 }));
  });

  afterAll(async () => {
    await leave();
    await server.close();
    for (const talker of talkers.values()) talker.remove();
    rmSync(folder, { recursive: true });
  });

  const leave = (): Promise<unknown> => Promise.all(rooms.splice(0).map((room) => room.close()));

  const enter = async (name: string): Promise<RoomPage> => {
    const microphone = talkers.get(name)?.path ?? "";
    const room = await openRoomPage({ url: server.url, room: "recorded", name, microphone, settings: PLAIN });
    rooms.push(room);
    return room;
  };

  test("gives a track to everybody and one to the mix, and tells those who are recorded", async () => {
    const [ada, bob] = await Promise.all([enter("Ada"), enter("Bob")]);
    await Promise.all([ada.waitForPeers(1), bob.waitForPeers(1)]);
    const notice = bob.page.getByText("This call is being recorded");
    expect(await notice.count()).toBe(0);

    await ada.page.evaluate(() => (globalThis as unknown as Engine).antiphon.notes.recordCall({ ownName: "Ada" }));
    await notice.waitFor();
    await bob.page.getByText("Ada records everybody, you included.").waitFor();
    expect(await ada.page.getByText("This call is being recorded").count()).toBe(0);
    await recorded(ada, SECONDS);

    const eve = await enter("Eve");
    await Promise.all([ada.waitForPeers(2), eve.waitForPeers(2)]);
    await eve.page.getByText("This call is being recorded").waitFor();
    const joinedAt = await secondsOf(ada);
    await recorded(ada, joinedAt + SECONDS);

    const tracks = await stopAndFetch(ada, folder);
    await notice.waitFor({ state: "detached" });
    for (const room of rooms) expect(room.errors).toEqual([]);
    // The comparison wants the processor for itself.
    await leave();

    expect(tracks.map(({ speaker }) => speaker)).toEqual(["Everybody", "Ada", "Bob", "Eve"]);
    expect(new Set(tracks.map(({ groupId }) => groupId)).size).toBe(1);
    expect(new Set(tracks.map(({ samples }) => samples)).size).toBe(1);
    expect((tracks[0]?.samples ?? 0) / RATE).toBeGreaterThan(joinedAt + SECONDS);
    const [mix, own, others, late] = tracks.map(decodeWhole) as [Sound, Sound, Sound, Sound];

    // Her own track has not been through the network, so it lacks nothing.
    expect(heard("Ada", own).medianCorrelation).toBeGreaterThan(0.9);
    expect(heard("Ada", own).missingMs).toBe(0);
    expect(heard("Bob", others).levelCorrelation).toBeGreaterThan(0.8);
    // Eve came late: her track begins with silence and is in time with the others all the same.
    const start = late.findIndex((sample) => Math.abs(sample) > AUDIBLE);
    expect(start / RATE).toBeGreaterThan(SECONDS - 1);
    expect(start / RATE).toBeLessThan(joinedAt + 2);
    expect(heard("Eve", late.subarray(start)).levelCorrelation).toBeGreaterThan(0.8);
    // The mix is everybody, the one who records included, each where their own track has them.
    expect(alike(mix, sumOf([own, others, late]))).toBeGreaterThan(0.9);
    for (const track of [own, others, late]) expect(Math.abs(lagBehind(track, mix)) / RATE).toBeLessThan(0.001);
  });

  function heard(name: string, recording: Float32Array): ReturnType<typeof compareRecording> {
    const source = talkers.get(name)?.samples ?? new Float32Array();
    return compareRecording({ sampleRate: RATE, source, recording });
  }
});

function secondsOf({ page }: RoomPage): Promise<number> {
  return page.evaluate(() => (globalThis as unknown as Engine).antiphon.notes.callRecording?.seconds ?? 0);
}

async function recorded({ page }: RoomPage, seconds: number): Promise<void> {
  await page.waitForFunction(
    (wanted) => ((globalThis as unknown as Engine).antiphon.notes.callRecording?.seconds ?? 0) > wanted,
    seconds,
  );
}

async function stopAndFetch({ page }: RoomPage, folder: string): Promise<readonly Track[]> {
  const tracks = await page.evaluate(async () => {
    const { notes } = (globalThis as unknown as Engine).antiphon;
    const found = [];
    for (const note of (await notes.callRecording?.stop()) ?? []) {
      const bytes = new Uint8Array(await (await notes.export(note, "ogg")).arrayBuffer());
      let text = "";
      for (const byte of bytes) text += String.fromCharCode(byte);
      const { speaker, samples, origin, groupId } = note;
      found.push({ speaker: speaker ?? "", samples, origin, groupId: groupId ?? "", file: btoa(text) });
    }
    return found;
  });
  return tracks.map(({ file, ...track }) => {
    const path = join(folder, `${track.speaker}.opus`);
    writeFileSync(path, Buffer.from(file, "base64"));
    return { ...track, path };
  });
}

/** The sound of a file that is complete: as long to the sample as the note says, and without a complaint of opusinfo. */
function decodeWhole({ path, samples }: Track): Sound {
  const raw = execFileSync("ffmpeg", ["-v", "error", "-i", path, "-f", "f32le", "-ac", "1", "-"], {
    maxBuffer: 1 << 26,
  });
  expect(raw.length / Float32Array.BYTES_PER_ELEMENT).toBe(samples);
  const info = spawnSync("opusinfo", [path], { encoding: "utf8" });
  if (info.error === undefined) {
    expect(`${info.stdout}${info.stderr}`).not.toMatch(/warning|error/i);
    const [, minutes, seconds] = /Playback length: (\d+)m:([\d.]+)s/.exec(info.stdout) ?? [];
    expect(Math.abs(Number(minutes) * 60 + Number(seconds) - samples / RATE)).toBeLessThanOrEqual(0.001);
  }
  return new Float32Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.length));
}

function sumOf(tracks: readonly Sound[]): Sound {
  return Float32Array.from(tracks[0] ?? [], (_, n) => tracks.reduce((total, track) => total + (track[n] ?? 0), 0));
}

/** Normalised correlation of two whole signals, −1…1. */
function alike(a: Sound, b: Sound): number {
  return normalizedCorrelation(a, b, { start: 0, length: a.length, lag: 0 });
}

/** How much later, in samples, the mix has what a track has in its last seconds. */
function lagBehind(track: Sound, mix: Sound): number {
  const length = (SECONDS - 2) * RATE;
  const at = track.length - length - RATE;
  const match = new MatchedFilter(track.subarray(at, at + length), RATE + length).search(
    mix,
    at - RATE / 2,
    at + RATE / 2,
  );
  return (match?.position ?? Number.NaN) - at;
}
