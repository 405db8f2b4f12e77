import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { applyPatch, type SettingsPatch } from "../../../src/engine/settings/apply-patch.ts";
import { defaultSettings } from "../../../src/engine/settings/default-settings.ts";
import { ENCODER_PRESETS, matchEncoderPreset } from "../../../src/engine/settings/encoder-presets.ts";
import {
  exportSettings,
  importSettings,
  parseSettings,
  type SettingsProblem,
} from "../../../src/engine/settings/parse-settings.ts";
import { PRESETS, type PresetName } from "../../../src/engine/settings/presets.ts";
import { settingsSchema } from "../../../src/engine/settings/settings.ts";

describe("the settings document", () => {
  it("has valid defaults", () => {
    expect(v.safeParse(settingsSchema, defaultSettings).success).toBe(true);
    expect(parseSettings(defaultSettings)).toEqual(defaultSettings);
  });

  it("fills a partial document with defaults", () => {
    const settings = parseSettings({ capture: { trimDb: 6 } });
    expect(settings.capture.trimDb).toBe(6);
    expect(settings.encoder).toEqual(defaultSettings.encoder);
  });

  it("replaces bad values by defaults, lists them and keeps their neighbours", () => {
    const problems: SettingsProblem[] = [];
    const settings = parseSettings(
      {
        capture: { trimDb: 99, highPass: { cutoffHz: "80", isEnabled: false }, leveler: 3 },
        encoder: { bitrate: Number.NaN, frameDuration: 17, complexity: 5 },
        network: { pins: { bitrate: 24_000, fec: "yes" } },
      },
      problems,
    );
    expect(settings.capture.trimDb).toBe(0);
    expect(settings.capture.highPass).toEqual({ isEnabled: false, cutoffHz: 80 });
    expect(settings.capture.leveler).toEqual(defaultSettings.capture.leveler);
    expect(settings.encoder.complexity).toBe(5);
    expect(settings.encoder.frameDuration).toBe(20);
    expect(settings.network.pins).toMatchObject({ bitrate: 24_000, fec: null });
    expect(problems.map((problem) => problem.path).sort()).toEqual([
      "capture.highPass.cutoffHz",
      "capture.leveler",
      "capture.trimDb",
      "encoder.bitrate",
      "encoder.frameDuration",
      "network.pins.fec",
    ]);
  });

  it("drops unknown fields without touching any prototype", () => {
    const settings = importSettings(
      '{"future": 1, "__proto__": {"polluted": true}, "capture": {"constructor": {"x": 1}, "trimDb": -3}}',
    );
    expect(settings).toEqual({
      ...defaultSettings,
      capture: { ...defaultSettings.capture, trimDb: -3 },
    });
    expect(Reflect.get({}, "polluted")).toBeUndefined();
    expect(Object.keys(settings)).toEqual(Object.keys(defaultSettings));
  });

  it("never throws and always returns a valid document", () => {
    const section = fc.dictionary(
      fc.constantFrom("trimDb", "leveler", "activation", "mode", "bitrate", "pins", "x"),
      fc.anything(),
    );
    const documents = fc.oneof(
      fc.anything(),
      fc.dictionary(
        fc.constantFrom("version", "capture", "encoder", "network", "ui", "jitterBuffer"),
        fc.oneof(section, fc.anything()),
      ),
    );
    fc.assert(
      fc.property(documents, (json) => {
        expect(v.safeParse(settingsSchema, parseSettings(json)).success).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("survives export and import", () => {
    const settings = applyPatch(defaultSettings, PRESETS.music);
    expect(importSettings(exportSettings(settings))).toEqual(settings);
  });

  it("reports text that is not JSON", () => {
    const problems: SettingsProblem[] = [];
    expect(importSettings("{oops", problems)).toEqual(defaultSettings);
    expect(problems).toHaveLength(1);
  });
});

describe("applyPatch", () => {
  it("changes only what the patch names and shares the rest", () => {
    const next = applyPatch(defaultSettings, { capture: { leveler: { targetLufs: -20 } } });
    expect(next.capture.leveler.targetLufs).toBe(-20);
    expect(next.capture.activation).toBe(defaultSettings.capture.activation);
    expect(next.encoder).toBe(defaultSettings.encoder);
    expect(defaultSettings.capture.leveler.targetLufs).toBe(-18);
  });

  it("returns the same document when nothing changes", () => {
    expect(applyPatch(defaultSettings, { capture: { trimDb: 0 } })).toBe(defaultSettings);
  });

  it("refuses values out of range and fields that do not exist", () => {
    expect(() => applyPatch(defaultSettings, { capture: { trimDb: 31 } })).toThrow(/"capture\.trimDb"/);
    expect(() => applyPatch(defaultSettings, { encoder: { bitrate: 5_999 } })).toThrow(RangeError);
    const unknown = JSON.parse('{"capture":{"trimDB":1}}');
    expect(() => applyPatch(defaultSettings, unknown)).toThrow(/"capture\.trimDB"/);
    expect(() => applyPatch(defaultSettings, JSON.parse('{"capture":null}'))).toThrow(TypeError);
  });

  it("moves the other threshold along when one passes it", () => {
    const raised = applyPatch(defaultSettings, { capture: { activation: { closeDb: -30 } } });
    expect(raised.capture.activation).toMatchObject({ openDb: -30, closeDb: -30 });
    const lowered = applyPatch(defaultSettings, { capture: { activation: { openDb: -70 } } });
    expect(lowered.capture.activation).toMatchObject({ openDb: -70, closeDb: -70 });
  });

  it("takes the latency of the devices in seconds or by name, and nothing else", () => {
    for (const latencyHint of [0, 0.02, "interactive", "playback"] as const) {
      expect(applyPatch(defaultSettings, { output: { latencyHint } }).output.latencyHint).toBe(latencyHint);
    }
    for (const latencyHint of [-1, 7, Number.NaN, "soon"]) {
      expect(() => applyPatch(defaultSettings, { output: { latencyHint } } as SettingsPatch)).toThrow(RangeError);
    }
    expect(parseSettings({ output: { latencyHint: "soon", sampleRate: 4 } }).output).toEqual(defaultSettings.output);
  });

  it("brings the fields of a named encoder preset and names the preset a change leaves", () => {
    const high = applyPatch(defaultSettings, { encoder: { preset: "high" } });
    expect(high.encoder).toMatchObject({ preset: "high", bitrate: 72_000, frameDuration: 10 });
    const custom = applyPatch(high, { encoder: { complexity: 3 } });
    expect(custom.encoder.preset).toBe("custom");
    const back = applyPatch(custom, { encoder: { complexity: 9 } });
    expect(back.encoder.preset).toBe("high");
  });
});

describe("presets", () => {
  it("all apply to the defaults and keep devices, trim and output", () => {
    for (const name of Object.keys(PRESETS) as PresetName[]) {
      const start = applyPatch(defaultSettings, {
        input: { deviceId: "a" },
        capture: { trimDb: 3 },
        output: { masterDb: -6 },
      });
      const next = applyPatch(start, PRESETS[name]);
      expect(next.input.deviceId).toBe("a");
      expect(next.capture.trimDb).toBe(3);
      expect(next.output).toBe(start.output);
    }
  });

  it("turn all processing off for music", () => {
    const { capture, encoder, input } = applyPatch(defaultSettings, PRESETS.music);
    expect(capture.suppressor.kind).toBe("off");
    expect(capture.leveler.isEnabled).toBe(false);
    expect(capture.highPass.isEnabled).toBe(false);
    expect(capture.activation.mode).toBe("open");
    expect(input.echoCancellation).toBe(false);
    expect(encoder).toMatchObject({ preset: "music", stereo: true, bitrate: 128_000 });
  });

  it("can each be told from its fields", () => {
    for (const [name, preset] of Object.entries(ENCODER_PRESETS)) {
      expect(matchEncoderPreset(preset)).toBe(name);
    }
  });
});
