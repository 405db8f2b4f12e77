import { expect } from "chai";
import { redactAddresses } from "../../../src/ui/screens/diagnostics/redact-addresses.ts";

describe("the diagnostics export", () => {
  it("holds no address in any of its forms, however deep", () => {
    const report = {
      reasons: ["no way to 192.168.1.20 or [2001:db8::8a2e:370:7334]"],
      host: "0b0c3d4e-1111-4222-8333-944445555666.local",
    };
    const text = JSON.stringify(redactAddresses(report));
    expect(text).not.to.match(/192\.168|2001:db8|\.local/);
  });

  it("holds no name, device or key", () => {
    const redacted = redactAddresses({
      settings: { input: { deviceId: "abc123", deviceLabel: "Ada's headset" } },
      localStreams: [{ label: "Ada's headset", bitrate: 32_000 }],
      room: { name: "stand-up", secret: "tulips", link: "#/room/x&key=tulips" },
    });
    expect(JSON.stringify(redacted)).not.to.match(/Ada|abc123|tulips|stand-up/);
    expect(redacted).to.have.nested.property("localStreams[0].bitrate", 32_000);
  });

  it("leaves numbers, times and versions as they are", () => {
    const report = { made: "2026-11-21T12:34:56.000Z", version: "Chrome/156.0", count: 12, none: null };
    expect(redactAddresses(report)).to.deep.equal(report);
  });
});
