import { describe, expect, it } from "vitest";
import { CodecModule } from "../../../src/engine/codec/codec-module.ts";
import { OpusEncoder } from "../../../src/engine/codec/opus-encoder.ts";
import { createSpeechLikeSignal } from "../../../src/engine/measurement/speech-like-signal.ts";
import { OPUS_PAYLOAD_TYPE, writeRtpPacket } from "../../../src/engine/packet/rtp-packet.ts";
import { ReceiveStream } from "../../../src/engine/playout/receive-stream.ts";
import { defaultSettings } from "../../../src/engine/settings/default-settings.ts";
import { coreModule } from "../../support/core-module.ts";

const FRAME = 960;

describe("a receive stream behind a lossy path", () => {
  it("plays on when the first packet after a pause of the sender is lost", () => {
    const encoder = new OpusEncoder(CodecModule.instantiate(coreModule()), { channels: 1 });
    const speech = createSpeechLikeSignal({ sampleRate: 48_000, seconds: 4, pauseShare: 0 });
    const stream = new ReceiveStream({
      codec: CodecModule.instantiate(coreModule()),
      channels: 1,
      settings: defaultSettings.jitterBuffer,
    });
    const output = new Float32Array(200 * FRAME);
    const datagram = new Uint8Array(1200);
    for (let index = 0; index < 190; index++) {
      encoder.input.set(speech.subarray(index * FRAME, (index + 1) * FRAME));
      const size = encoder.encode(FRAME);
      const isPause = index >= 40 && index < 60;
      const length = writeRtpPacket(datagram, {
        marker: false,
        payloadType: OPUS_PAYLOAD_TYPE,
        sequenceNumber: index,
        timestamp: index * FRAME,
        ssrc: 1,
        audioLevel: 30,
        voiceActivity: true,
        captureTimeMs: -1,
        heldBackSamples: 0,
        isPause: false,
        payload: encoder.output,
        payloadOffset: 0,
        payloadLength: isPause ? 1 : size,
      });
      if (index !== 60) stream.insert(datagram, length, index * FRAME);
      stream.pull(output, output, index * FRAME, FRAME);
    }
    const tail = output.subarray(100 * FRAME, 190 * FRAME);
    const power = tail.reduce((sum, sample) => sum + sample * sample, 0) / tail.length;
    expect(power).toBeGreaterThan(1e-4);
    expect(stream.statistics.currentDelayMs).toBeLessThan(200);
  });
});
