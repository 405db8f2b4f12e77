import type { EncoderSettings } from "../../../engine/index.ts";
import { formatNumber } from "../../parts/format-value.ts";

/** Bytes around the Opus payload of a packet: IP and UDP 28, DTLS 37, SCTP with DATA 28, our RTP header and extensions 10. Measured on a loopback call. */
const OVERHEAD_BYTES = 103;

/** Look-ahead of the encoder, ms: 6.5 in the voice and audio applications, 2.5 in restricted low delay (libopus 1.6.1). */
const LOOKAHEAD_MS = { voip: 6.5, audio: 6.5, lowdelay: 2.5 } as const;

/** What encoder settings cost on the way. */
export type WireRate = {
  /** kbit/s with all headers, while speech flows. */
  readonly kilobitsPerSecond: number;
  readonly packetsPerSecond: number;
  /** Delay that no network can take away: one frame and the encoder's look-ahead, ms. */
  readonly algorithmicDelayMs: number;
};

/** Works out the cost of encoder settings. */
export function wireRate(encoder: EncoderSettings): WireRate {
  const packetsPerSecond = 1000 / encoder.frameDuration;
  return {
    kilobitsPerSecond: (encoder.bitrate + packetsPerSecond * OVERHEAD_BYTES * 8) / 1000,
    packetsPerSecond,
    algorithmicDelayMs: encoder.frameDuration + LOOKAHEAD_MS[encoder.application],
  };
}

/** The line under the Opus card. */
export function describeWireRate(encoder: EncoderSettings): string {
  const rate = wireRate(encoder);
  return [
    `≈ ${formatNumber(rate.kilobitsPerSecond, 1)} kb/s on the wire`,
    `${formatNumber(rate.packetsPerSecond, rate.packetsPerSecond % 1 === 0 ? 1 : 0.1)} packets/s`,
    `+${formatNumber(rate.algorithmicDelayMs, 0.1)} ms algorithmic delay`,
  ].join(" · ");
}
