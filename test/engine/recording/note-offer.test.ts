import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Note } from "../../../src/engine/recording/note.ts";
import { describeNote, OFFER_BARS, parseNoteOffer } from "../../../src/engine/recording/note-offer.ts";
import { silentRuns } from "../../../src/engine/recording/silent-runs.ts";

describe("offering a note", () => {
  it("tells its waveform and length before its sound", () => {
    const peaks = new Uint8Array(500).map((_, index) => index % 256);
    const note = { samples: 480_000, peaks, title: "Ideas" } as Note;
    const metadata: unknown = JSON.parse(JSON.stringify(describeNote(note)));
    const offer = parseNoteOffer(metadata);
    expect(offer).toMatchObject({ samples: 480_000, title: "Ideas" });
    expect(offer?.bars.length).toBe(OFFER_BARS);
    expect(JSON.stringify(metadata).length).toBeLessThan(400);
  });

  it("takes nothing from a peer that makes no sense, and never throws", () => {
    const bars = btoa("x".repeat(OFFER_BARS));
    const good = { samples: 1, title: "", bars };
    expect(parseNoteOffer(good)).toBeDefined();
    for (const bad of [
      { ...good, samples: -1 },
      { ...good, samples: 1e12 },
      { ...good, samples: "1" },
      { ...good, bars: "###" },
      { ...good, bars: btoa("x") },
      { ...good, title: 4 },
      null,
      "note",
    ]) {
      expect(parseNoteOffer(bad)).toBeUndefined();
    }
    fc.assert(fc.property(fc.anything(), (value) => void parseNoteOffer(value)));
  });
});

describe("silences worth skipping", () => {
  it("are long pauses with a margin, not the pauses of speech", () => {
    const peaks = new Uint8Array(500).fill(120);
    peaks.fill(1, 100, 120);
    peaks.fill(1, 200, 300);
    const runs = silentRuns(peaks);
    expect(runs.length).toBe(1);
    expect(runs[0]?.start).toBeCloseTo(4.15, 5);
    expect(runs[0]?.end).toBeCloseTo(5.85, 5);
  });

  it("lie in order inside the recording, whatever the peaks", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (peaks) => {
        let last = 0;
        for (const { start, end } of silentRuns(peaks)) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(peaks.length * 0.02);
          last = end;
        }
      }),
    );
  });
});
