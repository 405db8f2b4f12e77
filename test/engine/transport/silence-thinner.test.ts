import { describe, expect, it } from "vitest";
import { SilenceThinner } from "../../../src/engine/transport/silence-thinner.ts";

/** Which of the frames with these lengths, 20 ms apart, are sent. */
function sent(lengths: readonly number[]): boolean[] {
  const thinner = new SilenceThinner();
  return lengths.map((length, index) => thinner.admit(length, index * 20));
}

describe("silence thinner", () => {
  it("lets every frame of sound pass, and the first two of silence behind each", () => {
    expect(sent([80, 3, 1, 1, 1, 2, 90, 1, 1, 1])).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  it("sends a frame every 400 ms in a silence that does not end", () => {
    const times = sent(new Array<number>(100).fill(1)).flatMap((isSent, index) => (isSent ? [index * 20] : []));
    expect(times).toEqual([0, 20, 420, 820, 1220, 1620]);
  });
});
