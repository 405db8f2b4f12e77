import type { VoicePath } from "./engine-options.ts";
import type { OutputStatistics, SendStreamStatistics } from "./engine-statistics.ts";
import type { MemberDelays } from "./member-delays.ts";
import type { PeerStatistics } from "./peer.ts";

/** A snapshot of everything measured. */
export type EngineStatistics = {
  readonly voicePath: VoicePath;
  readonly isCrossOriginIsolated: boolean;
  readonly usesSharedMemory: boolean;
  /** Whether loss is concealed by the neural codec, and DRED sent and decoded. */
  readonly usesNeuralCodec: boolean;
  readonly output: OutputStatistics;
  /** What this machine adds to the microphone's voice, and to the voices of the others. */
  readonly delays: MemberDelays;
  readonly localStreams: readonly SendStreamStatistics[];
  readonly peers: readonly PeerStatistics[];
};
