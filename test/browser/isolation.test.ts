import { expect } from "chai";

describe("the in-browser test page", () => {
  it("is cross-origin isolated, as the served page is", () => {
    expect(globalThis.crossOriginIsolated).to.equal(true);
    expect(new SharedArrayBuffer(8).byteLength).to.equal(8);
  });
});
