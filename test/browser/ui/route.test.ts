import { expect } from "chai";
import { formatRoute, parseRoute } from "../../../src/ui/shell/route.ts";

describe("the page's address", () => {
  it("names a room, its key, a name and the wish to join", () => {
    const route = parseRoute("#/room/stand%20up&name=Ada%20L&join&key=a-b_c&screen=mixer");
    expect(route).to.deep.equal({ roomName: "stand up", secret: "a-b_c", name: "Ada L", joins: true, screen: "mixer" });
  });

  it("reads back what it has written, whatever the room is called", () => {
    for (const roomName of ["a", "grün & blau", "50 %", "a/b?c#d", "房间", "x=y&join"]) {
      const route = { roomName, secret: "k", name: undefined, joins: false, screen: "studio" } as const;
      expect(parseRoute(formatRoute(route)), roomName).to.deep.equal(route);
    }
  });

  it("passes over what it does not know and never throws", () => {
    for (const hash of [
      "",
      "#",
      "#/",
      "#/nowhere",
      "#/room/",
      "#/room/%E0%A4%A",
      "#/room/x&screen=nowhere",
      "#?&&&==",
    ]) {
      expect(parseRoute(hash).screen, hash).to.equal("call");
    }
    expect(parseRoute("#/studio")).to.include({ screen: "studio", roomName: undefined });
  });
});
