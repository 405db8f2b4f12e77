import { expect } from "chai";
import type { Note } from "../../src/engine/index.ts";
import { VoiceEngine, type VoiceError } from "../../src/engine/index.ts";
import type { NoteRecording } from "../../src/engine/recording/note-recording.ts";
import { clearNotes } from "./support/clear-notes.ts";

describe("engine.notes", () => {
  let engine: VoiceEngine;

  before(async function () {
    this.timeout(60_000);
    await clearNotes();
    engine = await VoiceEngine.start({ settings: { capture: { leveler: { isEnabled: false } } } });
    await engine.notes.open();
  });

  after(async () => {
    await engine.close();
    await clearNotes();
  });

  afterEach(async () => {
    for (const note of engine.notes.list) await engine.notes.discard(note);
  });

  it("records a note whose file, waveform and length agree, and closes the microphone again", async () => {
    const recording = await engine.notes.record({ isProcessed: false });
    expect(engine.notes.recording).to.equal(recording);
    await until(recording, () => recording.seconds >= 2);
    const { note, reason } = await recording.stop();
    expect(reason).to.equal("finished");
    if (note === undefined) throw new Error("no note");
    expect(note.samples).to.be.within(96_000, 240_000);
    expect(note.peaks.length).to.equal(Math.ceil(note.samples / 960));
    expect(Math.max(...note.peaks)).to.be.greaterThan(10);
    expect(engine.notes.list).to.deep.equal([note]);
    expect(engine.microphone).to.equal(undefined);
    const file = await engine.notes.export(note, "ogg");
    expect(file.size).to.equal(note.bytes);
    expect(await decodedSamples(file)).to.equal(note.samples);
    const wav = await engine.notes.export(note, "wav");
    expect(wav.size).to.equal(44 + 2 * note.samples);
  });

  it("leaves out a pause", async () => {
    const recording = await engine.notes.record();
    await until(recording, () => recording.seconds >= 0.5);
    recording.pause();
    expect(recording.state).to.equal("paused");
    const before = recording.seconds;
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(recording.seconds).to.be.lessThan(before + 0.3);
    recording.resume();
    await until(recording, () => recording.seconds >= before + 0.5);
    const { note } = await recording.stop();
    expect((note?.samples ?? 0) / 48_000).to.be.within(before + 0.5, before + 1.6);
  });

  it("discards a cancelled note and brings it back", async () => {
    const recording = await engine.notes.record();
    await until(recording, () => recording.seconds >= 0.5);
    const { note, reason } = await recording.cancel();
    expect(reason).to.equal("cancelled");
    expect(engine.notes.list).to.deep.equal([]);
    if (note === undefined) throw new Error("no note");
    const restored = await engine.notes.restore(note);
    expect(restored?.state).to.equal("ready");
    expect(engine.notes.list.map(({ id }) => id)).to.deep.equal([note.id]);
  });

  it("ends by itself at the greatest length, with a warning before", async () => {
    const recording = await engine.notes.record({ maxSeconds: 1 });
    let warnings = 0;
    recording.addEventListener("warning", () => warnings++);
    const { note, reason } = await recording.done;
    expect(reason).to.equal("max-length");
    expect(note?.samples).to.equal(48_000);
    expect(warnings).to.equal(1);
    expect(engine.notes.recording).to.equal(undefined);
  });

  it("trims, normalises, cuts and reverts, each to the sample", async () => {
    const note = await engine.notes.import(new File([wavOf(4, 1)], "burst.wav"));
    expect(note).to.include({ samples: 4 * 48_000, origin: "imported", title: "burst", channels: 1 });
    const polished = await engine.notes.polish(note, { trim: true, normalise: true });
    expect(polished.edits).to.deep.equal(["trimmed", "normalised"]);
    expect(polished.samples).to.be.within(48_000, 2 * 48_000);
    expect(await decodedSamples(await engine.notes.export(polished, "ogg"))).to.equal(polished.samples);
    const cut = await engine.notes.cut(polished, 0.25, 0.75);
    expect(cut.samples).to.equal(24_000);
    const reverted = await engine.notes.revert(cut);
    expect(reverted.samples).to.equal(note.samples);
    expect(reverted.edits).to.equal(undefined);
    expect(await decodedSamples(await engine.notes.export(reverted, "ogg"))).to.equal(note.samples);
  });

  it("imports what the browser's own recorder makes, packet by packet", async () => {
    const webm = await browserRecording(1_000);
    const note = await engine.notes.import(new File([webm], "clip.webm"));
    expect(note.samples / 48_000).to.be.within(0.7, 1.6);
    expect(await decodedSamples(await engine.notes.export(note, "ogg"))).to.equal(note.samples);
  });

  it("refuses a file that is no sound with words for people", async () => {
    try {
      await engine.notes.import(new File([new Uint8Array(3000).fill(7)], "x.bin"));
      expect.fail("it was imported");
    } catch (error) {
      expect((error as VoiceError).code).to.equal("unsupported");
      expect((error as VoiceError).message).to.contain("Cannot open the recording");
    }
  });

  it("plays at any speed with the pitch kept, seeks, and goes on with the next unplayed note", async () => {
    const { player } = engine.notes;
    const first = await engine.notes.import(new File([wavOf(2, 1)], "first.wav"));
    await new Promise((resolve) => setTimeout(resolve, 5));
    const second = await engine.notes.import(new File([wavOf(2, 1)], "second.wav"));
    await markUnplayed(second);
    player.rate = 2;
    await player.play(first, 0.5);
    expect(player.isPlaying).to.equal(true);
    expect(player.position).to.be.within(0.4, 1);
    expect(player.duration).to.equal(2);
    await untilTrue(() => player.note?.id === second.id && player.isPlaying);
    await untilTrue(() => engine.notes.list.find(({ id }) => id === second.id)?.isPlayed === true);
    player.pause();
    expect(player.isPlaying).to.equal(false);
    player.rate = 1;
    expect(() => {
      player.rate = 4;
    }).to.throw(RangeError);
  });

  it("skips silences when asked", async () => {
    const { player } = engine.notes;
    const note = await engine.notes.import(new File([wavOf(4, 3)], "gap.wav"));
    player.skipsSilence = true;
    const started = performance.now();
    await player.play(note, 0);
    await untilTrue(() => player.position > 3);
    const seconds = (performance.now() - started) / 1000;
    player.skipsSilence = false;
    player.stop();
    expect(seconds).to.be.lessThan(2);
  });

  async function markUnplayed(note: Note): Promise<void> {
    const { openDB } = await import("idb");
    const database = await openDB("antiphon-recordings");
    await database.put("notes", { ...note, isPlayed: false });
    database.close();
    new BroadcastChannel("antiphon-notes").postMessage({});
    await untilTrue(() => engine.notes.list.find(({ id }) => id === note.id)?.isPlayed === false);
  }
});

function until(recording: NoteRecording, isTrue: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    recording.addEventListener("changed", () => isTrue() && resolve());
  });
}

async function untilTrue(isTrue: () => boolean): Promise<void> {
  const end = performance.now() + 8_000;
  while (!isTrue()) {
    if (performance.now() > end) throw new Error(`Waited in vain until ${isTrue}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function decodedSamples(file: Blob): Promise<number> {
  const context = new OfflineAudioContext({ numberOfChannels: 1, length: 1, sampleRate: 48_000 });
  return (await context.decodeAudioData(await file.arrayBuffer())).length;
}

/** A mono WAV of `seconds`: half a second of tone at one second and half a second at `secondToneAt` + 0.5. */
function wavOf(seconds: number, secondToneAt: number): ArrayBuffer {
  const samples = seconds * 48_000;
  const view = new DataView(new ArrayBuffer(44 + 2 * samples));
  const words: readonly [number, string][] = [
    [0, "RIFF"],
    [8, "WAVEfmt "],
    [36, "data"],
  ];
  for (const [at, text] of words) {
    for (let index = 0; index < text.length; index += 1) view.setUint8(at + index, text.charCodeAt(index));
  }
  view.setUint32(4, 36 + 2 * samples, true);
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, 48_000, true);
  view.setUint32(28, 96_000, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  view.setUint32(40, 2 * samples, true);
  for (let index = 0; index < samples; index += 1) {
    const at = index / 48_000;
    const isLoud = (at >= 0.5 && at < 1) || (at >= secondToneAt && at < secondToneAt + 0.5);
    view.setInt16(44 + 2 * index, isLoud ? 6_000 * Math.sin(index * 0.06) : 0, true);
  }
  return view.buffer;
}

function browserRecording(milliseconds: number): Promise<Blob> {
  const context = new AudioContext();
  const destination = context.createMediaStreamDestination();
  const oscillator = context.createOscillator();
  oscillator.connect(destination);
  oscillator.start();
  const recorder = new MediaRecorder(destination.stream, { mimeType: "audio/webm;codecs=opus" });
  const { promise, resolve } = Promise.withResolvers<Blob>();
  recorder.ondataavailable = ({ data }) => resolve(data);
  recorder.start();
  setTimeout(() => recorder.stop(), milliseconds);
  return promise.finally(() => context.close());
}
