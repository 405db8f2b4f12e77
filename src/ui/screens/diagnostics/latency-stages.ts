import type { EngineStatistics, PeerStatistics } from "../../../engine/index.ts";

/** Stages of the way from a mouth to an ear, in order. */
export const latencyStageNames = [
  "capture",
  "processing",
  "encode",
  "network",
  "jitter buffer",
  "decode",
  "output",
] as const;

/** One stage of the way. */
export type LatencyStageName = (typeof latencyStageNames)[number];

/** What a stage adds, ms. */
export type LatencyStage = { readonly name: LatencyStageName; readonly ms: number };

/** One direction: the stages this side knows, and what happens on the other side and is not known here. */
export type LatencyPath = { readonly stages: readonly LatencyStage[]; readonly unknown: string };

/** From this microphone to the other's jitter buffer. Undefined before anything was sent. */
export function outgoingPath(engine: EngineStatistics, peer: PeerStatistics): LatencyPath | undefined {
  const [local] = engine.localStreams;
  const outgoing = peer.link?.outgoing.find(({ ssrc }) => ssrc === local?.ssrc);
  if (local === undefined || outgoing === undefined || local.framesSent === 0) {
    return undefined;
  }
  return {
    unknown: "decoding and output on their side",
    stages: [
      { name: "capture", ms: (1000 * local.quantumFrames) / local.contextRate },
      { name: "processing", ms: local.chainLatencyMs },
      { name: "encode", ms: local.frameMs + local.encoderLookaheadMs },
      { name: "network", ms: (peer.roundTripTimeMs ?? 0) / 2 },
      { name: "jitter buffer", ms: outgoing.remote.playoutDelayMs },
    ],
  };
}

/** From the other's packets to these ears. Undefined before anything was received. */
export function incomingPath(engine: EngineStatistics, peer: PeerStatistics): LatencyPath | undefined {
  const stream = peer.streams.find(({ packetsReceived }) => packetsReceived > 0);
  if (stream === undefined) {
    return undefined;
  }
  const { output } = engine;
  const quantumMs = (1000 * output.quantumFrames) / output.contextRate;
  return {
    unknown: "microphone, processing and encoding on their side",
    stages: [
      { name: "network", ms: (peer.roundTripTimeMs ?? 0) / 2 },
      { name: "jitter buffer", ms: stream.currentDelayMs },
      { name: "decode", ms: quantumMs },
      { name: "output", ms: 1000 * (output.baseLatency + output.outputLatency) },
    ],
  };
}

/** Sum of a path, ms. */
export function totalMs({ stages }: LatencyPath): number {
  return stages.reduce((sum, { ms }) => sum + ms, 0);
}
