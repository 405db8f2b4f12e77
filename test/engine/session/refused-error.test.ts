import { describe, expect, it } from "vitest";
import { RefusedError } from "../../../src/engine/session/refused-error.ts";

describe("a refusal", () => {
  it.each([
    ["wrong-secret", "wrong-secret"],
    ["intercepted", "intercepted"],
    ["version", "version-mismatch"],
    ["full", "room-full"],
    ["locked", "not-admitted"],
    ["denied", "not-admitted"],
    ["removed", "not-admitted"],
    ["protocol", "peer-unreachable"],
  ] as const)("%s becomes %s, with the attempt in front and the refusal as its cause", (reason, code) => {
    const refusal = new RefusedError(reason, false);
    const error = refusal.toVoiceError("Cannot join the room");
    expect(error.code).toBe(code);
    expect(error.message).toMatch(/^Cannot join the room: .{10,}/);
    expect(error.cause).toBe(refusal);
  });
});
