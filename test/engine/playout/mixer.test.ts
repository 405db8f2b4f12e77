import { describe, expect, it } from "vitest";
import { CodecModule } from "../../../src/engine/codec/codec-module.ts";
import { MIXER_LATENCY, Mixer, type MixOutput } from "../../../src/engine/playout/mixer.ts";
import { ReceiveStream } from "../../../src/engine/playout/receive-stream.ts";
import { DEFAULT_STREAM_MIX, type StreamMix } from "../../../src/engine/playout/stream-mix.ts";
import { defaultSettings } from "../../../src/engine/settings/default-settings.ts";
import { coreModule } from "../../support/core-module.ts";
import { findClicks } from "../../support/find-clicks.ts";
import { encodeFrames, rtpDatagram } from "../../support/virtual-receiver.ts";

const OUTPUT: MixOutput = { ...defaultSettings.output, isDeafened: false };
const TONE = Float32Array.from({ length: 48_000 }, (_, i) => 0.25 * Math.sin((2 * Math.PI * 200 * i) / 48_000));
const FRAMES = encodeFrames(TONE, 50, { settings: { bitrate: 64_000 } });
const CODEC = CodecModule.instantiate(coreModule());
const QUANTUM = 128;

/** A mixer with talkers that all say the same tone. */
class Scene {
  readonly mixer = new Mixer(OUTPUT, QUANTUM);
  readonly streams: ReceiveStream[] = [];
  readonly left: number[] = [];
  readonly right: number[] = [];
  #sent = 0;

  add(mix: Partial<StreamMix> = {}): ReceiveStream {
    const stream = new ReceiveStream({ codec: CODEC, channels: 1, settings: defaultSettings.jitterBuffer });
    this.mixer.addStream(this.streams.length, stream, { ...DEFAULT_STREAM_MIX, ...mix });
    this.streams.push(stream);
    return stream;
  }

  run(milliseconds: number): void {
    const left = new Float32Array(QUANTUM);
    const right = new Float32Array(QUANTUM);
    const end = this.mixer.now + milliseconds * 48;
    while (this.mixer.now < end) {
      for (; this.#sent * 960 <= this.mixer.now; this.#sent++) {
        const payload = FRAMES[this.#sent % FRAMES.length] ?? Uint8Array.of(0);
        const datagram = rtpDatagram({ payload, sequenceNumber: this.#sent, timestamp: this.#sent * 960 });
        for (const stream of this.streams) stream.insert(datagram, datagram.length, this.mixer.now);
      }
      this.mixer.process(left, right, 0, QUANTUM);
      this.left.push(...left);
      this.right.push(...right);
    }
  }

  /** RMS of the last 100 ms of both channels. */
  get level(): readonly [number, number] {
    return [rms(this.left.slice(-4_800)), rms(this.right.slice(-4_800))];
  }
}

function rms(samples: readonly number[]): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

const TONE_RMS = 0.25 / Math.SQRT2;

describe("the mixer", () => {
  it("passes a centred stream at unity gain to both channels", () => {
    const scene = new Scene();
    scene.add();
    scene.run(1_500);
    expect(scene.level[0] / TONE_RMS).toBeCloseTo(1, 1);
    expect(scene.level[1] / scene.level[0]).toBeCloseTo(1, 3);
  });

  it("applies gain and pans with equal power", () => {
    const scene = new Scene();
    scene.add({ gainDb: -6, pan: 1 });
    scene.run(1_500);
    const [left, right] = scene.level;
    expect(left).toBeLessThan(1e-4);
    expect(20 * Math.log10(right / TONE_RMS)).toBeCloseTo(-6 + 3, 0);
  });

  it("fades to silence when muted, skips decoding, and comes back without a click", () => {
    const scene = new Scene();
    const stream = scene.add();
    scene.run(1_500);
    scene.mixer.configureStream(0, { ...DEFAULT_STREAM_MIX, muted: true });
    scene.run(1_000);
    expect(scene.level[0]).toBeLessThan(1e-5);
    const decoded = stream.statistics.totalSamplesReceived;
    scene.run(500);
    expect(stream.statistics.totalSamplesReceived).toBe(decoded);
    scene.mixer.configureStream(0, DEFAULT_STREAM_MIX);
    scene.run(1_000);
    expect(scene.level[0] / TONE_RMS).toBeCloseTo(1, 1);
    expect(findClicks(scene.left, 0.01)).toEqual([]);
  });

  it("plays only solo streams while there is one", () => {
    const scene = new Scene();
    scene.add({ pan: -1 });
    scene.add({ pan: 1, solo: true });
    scene.run(1_500);
    expect(scene.level[0]).toBeLessThan(1e-4);
    expect(scene.level[1]).toBeGreaterThan(0.1);
  });

  it("keeps many loud streams below the limiter's ceiling", () => {
    const scene = new Scene();
    for (let i = 0; i < 12; i++) scene.add({ gainDb: 6 });
    scene.run(1_500);
    const peak = scene.left.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    expect(20 * Math.log10(peak)).toBeLessThanOrEqual(OUTPUT.limiter.ceilingDb);
    expect(scene.mixer.limiterGainDb).toBeLessThan(-6);
  });

  it("brings a quiet and a loud stream to the same level when asked, slowly", () => {
    const scene = new Scene();
    scene.add({ autoLevel: true });
    scene.run(8_000);
    // The tone is at −15 dBFS; the common level is −21 dBFS.
    expect(20 * Math.log10(scene.level[0])).toBeGreaterThan(-23);
    expect(20 * Math.log10(scene.level[0])).toBeLessThan(-19);
  });

  it("silences everything when deafened and at the bottom of the master fader", () => {
    const scene = new Scene();
    scene.add();
    scene.run(1_000);
    scene.mixer.configureOutput({ ...OUTPUT, isDeafened: true });
    scene.run(500);
    expect(scene.level[0]).toBeLessThan(1e-5);
    scene.mixer.configureOutput({ ...OUTPUT, masterDb: -60 });
    scene.run(500);
    expect(scene.level[0]).toBeLessThan(1e-5);
  });

  it("meters each stream behind its gain and the mix", () => {
    const scene = new Scene();
    scene.add({ gainDb: -20 });
    scene.run(1_500);
    expect(scene.mixer.strip(0)?.meter.rmsDb).toBeCloseTo(-35, 0);
    expect(scene.mixer.meter.peakDb).toBeCloseTo(-32, 0);
  });

  it.each([0, 37, 90])("fades a stream out that is taken out of the mix at once closed, %i ms into a tone", (extra) => {
    const scene = new Scene();
    const [leaving] = [scene.add(), scene.add({ gainDb: -20 })];
    scene.run(1_500 + extra);
    const at = scene.left.length;
    expect(scene.mixer.removeStream(0)).toBe(leaving);
    leaving?.close();
    scene.streams.shift();
    scene.run(500);
    expect(findClicks(scene.left, 0.002)).toEqual([]);
    // Silent but for the other stream once the limiter's delay and 5 ms are over.
    expect(rms(scene.left.slice(at + MIXER_LATENCY + 240, at + 4_800)) / TONE_RMS).toBeCloseTo(0.1, 2);
  });

  it("fades out several streams that leave in the same fade", () => {
    const scene = new Scene();
    for (let i = 0; i < 3; i++) scene.add({ gainDb: -6 });
    scene.run(1_500);
    for (let slot = 0; slot < 3; slot++) {
      scene.mixer.removeStream(slot)?.close();
      scene.streams.shift();
      if (slot === 1) scene.run(2);
    }
    scene.run(300);
    expect(findClicks(scene.left, 0.002)).toEqual([]);
    expect(scene.level[0]).toBeLessThan(1e-6);
  });

  it("refuses a slot that is taken or does not exist", () => {
    const scene = new Scene();
    const stream = scene.add();
    expect(() => scene.mixer.addStream(0, stream, DEFAULT_STREAM_MIX)).toThrow(RangeError);
    expect(() => scene.mixer.addStream(32, stream, DEFAULT_STREAM_MIX)).toThrow(RangeError);
    expect(scene.mixer.removeStream(0)).toBe(stream);
    expect(scene.mixer.removeStream(0)).toBeUndefined();
    expect(MIXER_LATENCY).toBeLessThan(128);
  });
});
