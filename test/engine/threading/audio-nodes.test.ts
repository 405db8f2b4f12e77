import { describe, expect, it } from "vitest";
import { MatchedFilter } from "../../../src/engine/measurement/matched-filter.ts";
import { createSpeechLikeSignal } from "../../../src/engine/measurement/speech-like-signal.ts";
import type { SettingsPatch } from "../../../src/engine/settings/apply-patch.ts";
import { FRAME_DURATIONS } from "../../../src/engine/settings/encoder-settings.ts";
import { CAPTURE_TELEMETRY } from "../../../src/engine/shared-memory/capture-telemetry.ts";
import { STREAM_TELEMETRY, streamTelemetryStart } from "../../../src/engine/shared-memory/playback-telemetry.ts";
import { neuralModule } from "../../support/core-module.ts";
import { findClicks } from "../../support/find-clicks.ts";
import { drainTap, VirtualNodes } from "../../support/virtual-nodes.ts";

/** The signal as it is: no processing, one channel, a rate at which the codec is no limit. */
const PLAIN: SettingsPatch = {
  capture: {
    highPass: { isEnabled: false },
    suppressor: { kind: "off" },
    activation: { mode: "open" },
    leveler: { isEnabled: false },
  },
  encoder: { bitrate: 96_000, dtx: false },
};

const SECONDS = 3;
const speech = createSpeechLikeSignal({ sampleRate: 48_000, seconds: SECONDS, pauseShare: 0.1 });

function speechAt(time: number): number {
  const at = time * 48_000;
  const index = Math.floor(at);
  const fraction = at - index;
  return (speech[index] ?? 0) * (1 - fraction) + (speech[index + 1] ?? 0) * fraction;
}

function tone(frequency: number, amplitude = 0.1): (time: number) => number {
  return (time) => amplitude * Math.sin(2 * Math.PI * frequency * time);
}

/** How alike the last two seconds of what was heard at `rate` are to the speech. */
function likeness(heard: readonly number[], rate: number): number {
  const spoken = new Float32Array(SECONDS * rate);
  for (let i = 0; i < spoken.length; i++) spoken[i] = speechAt(i / rate);
  const template = Float32Array.from(heard.slice(-rate));
  return new MatchedFilter(template, spoken.length).search(spoken, 0, spoken.length - rate)?.score ?? 0;
}

describe("capture node and playback node", () => {
  const rates = [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000];
  it.each(rates)("carry a voice between contexts of %i Hz", (rate) => {
    const nodes = new VirtualNodes({ captureRate: rate, playbackRate: rate, settings: PLAIN });
    const heard: number[] = [];
    nodes.run(SECONDS, speechAt, ([left]) => heard.push(...(left ?? [])));
    expect(likeness(heard, rate)).toBeGreaterThan(rate < 44_100 ? 0.8 : 0.9);
    nodes.close();
  });

  it.each(FRAME_DURATIONS)("carry a voice in frames of %d ms", (frameDuration) => {
    const nodes = new VirtualNodes({ settings: { ...PLAIN, encoder: { bitrate: 96_000, frameDuration } } });
    const heard: number[] = [];
    nodes.run(SECONDS, speechAt, ([left]) => heard.push(...(left ?? [])));
    expect(likeness(heard, 48_000)).toBeGreaterThan(0.9);
    nodes.close();
  });

  it.each([32, 100, 256, 1024, 2048])("run in quanta of %i frames", (quantum) => {
    const nodes = new VirtualNodes({ quantum, captureRate: 44_100, playbackRate: 44_100, settings: PLAIN });
    const heard: number[] = [];
    nodes.run(SECONDS, speechAt, ([left]) => heard.push(...(left ?? [])));
    expect(likeness(heard, 44_100)).toBeGreaterThan(0.9);
    nodes.close();
  });

  it("keep time while the source has no channels, and carry what comes after", () => {
    const nodes = new VirtualNodes({ settings: PLAIN });
    nodes.run(1, tone(440));
    nodes.run(1, undefined);
    expect(nodes.captureTelemetry.at(CAPTURE_TELEMETRY.emptyQuanta)).toBeGreaterThan(300);
    expect(nodes.captureTelemetry.at(CAPTURE_TELEMETRY.samplesProcessed)).toBeGreaterThan(95_000);
    let peak = 0;
    nodes.run(1, tone(440), ([left]) => {
      peak = Math.max(peak, ...(left ?? []));
    });
    expect(peak).toBeGreaterThan(0.08);
    nodes.close();
  });

  it("survive anything a device may deliver, and carry sound again", () => {
    const nodes = new VirtualNodes({});
    const bad = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e30, -5, 1];
    let largest = 0;
    const measure = ([left]: readonly Float32Array[]): void => {
      for (const sample of left ?? []) largest = Math.max(largest, Number.isFinite(sample) ? Math.abs(sample) : 9);
    };
    for (const value of bad) nodes.run(0.2, () => value, measure);
    nodes.run(0.5, (time) => (Math.floor(time * 400) % 2 === 0 ? 1 : -1), measure);
    expect(largest).toBeLessThanOrEqual(1);
    expect(nodes.captureTelemetry.at(CAPTURE_TELEMETRY.invalidSamples)).toBeGreaterThan(10_000);
    nodes.configure(PLAIN);
    const heard: number[] = [];
    nodes.run(SECONDS, tone(440), ([left]) => heard.push(...(left ?? [])));
    expect(Math.max(...heard.slice(-4_800))).toBeGreaterThan(0.05);
    nodes.close();
  });

  it("exchange the codec for the neural one without a click or a gap", () => {
    const nodes = new VirtualNodes({ settings: PLAIN });
    const heard: number[] = [];
    const listen = ([left]: readonly Float32Array[]): void => {
      heard.push(...(left ?? []));
    };
    const hum = tone(200, 0.2);
    nodes.run(2, hum, listen);
    nodes.playback.receive({ type: "load-core", core: neuralModule() });
    nodes.run(1, hum, listen);
    nodes.capture.receive({ type: "load-core", core: neuralModule() });
    nodes.run(2, hum, listen);
    const steady = heard.slice(48_000);
    expect(findClicks(steady, 0.005)).toEqual([]);
    const concealed = streamTelemetryStart(0) + STREAM_TELEMETRY.concealedSamples;
    expect(nodes.playbackTelemetry.at(concealed)).toBe(0);
    nodes.close();
  });

  it("let one hear oneself on the monitor, without a click at either end", () => {
    const nodes = new VirtualNodes({ captureRate: 44_100, settings: PLAIN });
    const hum = tone(300);
    const monitored: number[] = [];
    const run = (): void => {
      for (let i = 0; i < 300; i++) {
        nodes.run(128 / 44_100, hum);
        monitored.push(...(nodes.monitor[0] ?? []));
      }
    };
    run();
    expect(Math.max(...monitored)).toBe(0);
    nodes.capture.receive({ type: "monitor", isOn: true });
    run();
    expect(Math.max(...monitored)).toBeGreaterThan(0.09);
    nodes.capture.receive({ type: "monitor", isOn: false });
    const end = monitored.length + 4_410;
    run();
    expect(findClicks(monitored, 0.005)).toEqual([]);
    expect(monitored.slice(end).every((sample) => sample === 0)).toBe(true);
    nodes.close();
  });

  it("copy the source, what is sent, the stream and the mix, without a missing block", () => {
    const nodes = new VirtualNodes({ settings: PLAIN });
    const taps = [
      nodes.tapCapture("input"),
      nodes.tapCapture("output"),
      nodes.tapPlayback(0),
      nodes.tapPlayback(undefined),
    ];
    nodes.run(1, tone(440));
    for (const tap of taps) {
      const samples = drainTap(tap);
      expect(samples.length).toBeGreaterThan(46_000);
      expect(Math.max(...samples.slice(-9_600))).toBeGreaterThan(0.08);
      expect(tap.overruns).toBe(0);
      tap.close();
    }
    nodes.run(0.1, tone(440));
    nodes.close();
  });
});
