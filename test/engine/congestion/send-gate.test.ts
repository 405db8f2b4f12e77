import { describe, expect, it } from "vitest";
import { MAX_FRAME_AGE_MS, SendGate } from "../../../src/engine/congestion/send-gate.ts";

describe("the send gate", () => {
  it("sends a young frame into an empty channel", () => {
    expect(new SendGate().decide(120, 5, 0, 1000)).toBe("send");
  });

  it("drops a frame that would arrive after its playout", () => {
    expect(new SendGate().decide(120, MAX_FRAME_AGE_MS + 1, 0, 1000)).toBe("stale");
  });

  it("lets one packet wait in the channel and none behind it", () => {
    const gate = new SendGate();
    expect(gate.decide(120, 0, 110, 1000)).toBe("send");
    expect(gate.decide(120, 0, 230, 1000)).toBe("backlog");
  });

  it("does not take packets that the network thread is just taking over for a backlog", () => {
    const gate = new SendGate();
    for (let i = 0; i < 4; i++) gate.sent(120, 1000);
    expect(gate.decide(120, 0, 480, 1002)).toBe("send");
    expect(gate.decide(120, 0, 480, 1030)).toBe("backlog");
  });

  it("lets more wait on a long path, where acknowledgements come seldom, but never more than three packets", () => {
    const gate = new SendGate();
    gate.roundTripMs = 500;
    expect(gate.decide(120, 0, 300, 1000)).toBe("send");
    gate.roundTripMs = 60_000;
    expect(gate.decide(120, 0, 361, 1000)).toBe("backlog");
  });
});
