import { expect } from "chai";
import { measureAcousticRoundTrip } from "../../src/engine/index.ts";
import { FakeMediaDevices } from "./support/fake-media-devices.ts";

/** A room: what its loudspeaker plays is what its microphone hears, later and quieter. */
class Room extends FakeMediaDevices {
  #air: MediaStreamAudioDestinationNode | undefined;

  /** The loudspeaker in a context. */
  speaker(context: AudioContext, delaySeconds: number): AudioNode {
    const way = new DelayNode(context, { delayTime: delaySeconds, maxDelayTime: 1 });
    const distance = new GainNode(context, { gain: 0.1 });
    this.#air = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    way.connect(distance).connect(this.#air);
    return way;
  }

  override async getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream> {
    if (typeof constraints.audio === "object") this.asked.push(constraints.audio);
    return this.#air?.stream ?? super.getUserMedia(constraints);
  }
}

let room: Room;
let uninstall: () => Promise<void>;

describe("an acoustic round trip", () => {
  beforeEach(() => {
    room = new Room();
    uninstall = room.install();
  });

  afterEach(() => uninstall());

  it("is what the air adds to what the devices take", async () => {
    const measure = (delaySeconds: number): ReturnType<typeof measureAcousticRoundTrip> =>
      measureAcousticRoundTrip({ seconds: 3, speaker: (context) => room.speaker(context, delaySeconds) });
    const near = await measure(0.01);
    const far = await measure(0.15);
    expect(near.chirps.sent).to.be.at.least(4);
    expect(near.selfTestErrorMs).to.be.below(0.1);
    const added = (far.delay?.p50 ?? Number.NaN) - (near.delay?.p50 ?? Number.NaN);
    // The stream between two nodes of a context holds back a few ms more or less each time it is opened.
    expect(added, "140 ms more of air").to.be.within(115, 165);
    expect(room.asked[0]).to.include({ echoCancellation: false, noiseSuppression: false, autoGainControl: false });
  });

  it("says that nothing was heard where the microphone hears something else", async () => {
    room.plug({ id: "elsewhere", label: "Elsewhere" });
    const { delay, chirps } = await measureAcousticRoundTrip({ seconds: 2 });
    expect(chirps.lost).to.equal(chirps.sent);
    expect(delay).to.equal(undefined);
  });

  it("asks for what it needs, and can be ended", async () => {
    expect(await codeOf(measureAcousticRoundTrip({ seconds: 2 }))).to.equal("no-microphone");
    room.plug({ id: "a", label: "A" });
    room.refusal = "NotAllowedError";
    expect(await codeOf(measureAcousticRoundTrip({ seconds: 2 }))).to.equal("permission-denied");
    room.refusal = undefined;
    const end = new AbortController();
    setTimeout(() => end.abort(), 300);
    expect(await codeOf(measureAcousticRoundTrip({ seconds: 60, signal: end.signal }))).to.equal("closed");
    expect(room.openTracks).to.equal(0);
  });
});

async function codeOf(measurement: Promise<unknown>): Promise<unknown> {
  try {
    await measurement;
    return undefined;
  } catch (error) {
    return error instanceof Error ? Reflect.get(error, "code") : error;
  }
}
