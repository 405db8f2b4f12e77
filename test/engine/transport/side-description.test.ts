import { describe, expect, it } from "vitest";
import { isDataDescription } from "../../../src/engine/transport/rtc-side-connection.ts";

const HEAD = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";
const DATA = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n";

describe("the description of a side connection", () => {
  it("is taken with one section, for data channels", () => {
    expect(isDataDescription(HEAD + DATA)).toBe(true);
    expect(isDataDescription((HEAD + DATA).replaceAll("\r\n", "\n"))).toBe(true);
  });

  it("is refused when it asks for sound, pictures, several sections or none", () => {
    for (const media of ["audio", "video", "text", "applicationx"]) {
      expect(isDataDescription(`${HEAD}m=${media} 9 UDP/TLS/RTP/SAVPF 111\r\n`)).toBe(false);
      expect(isDataDescription(`${HEAD}${DATA}m=${media} 9 UDP/TLS/RTP/SAVPF 111\r\n`)).toBe(false);
    }
    expect(isDataDescription(HEAD + DATA + DATA)).toBe(false);
    expect(isDataDescription(HEAD)).toBe(false);
    expect(isDataDescription("")).toBe(false);
  });
});
