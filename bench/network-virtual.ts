import { CLEAN_PROFILE, Impairment, type ImpairmentProfile } from "../src/engine/measurement/impairment.ts";
import { seededRandom } from "../src/engine/media/random.ts";
import { SAMPLE_RATE } from "../src/engine/media/units.ts";
import { SctpChannelModel, VirtualClock } from "../test/support/sctp-channel-model.ts";
import type { ConcealmentCounts } from "./network-call.ts";
import { type DirectionRecording, difference, type Measurement, outageEnds } from "./network-measurement.ts";
import { VirtualMember } from "./virtual-member.ts";

/** Begin of virtual time, ms since 1970. */
const START = 1_790_000_000_000;
const NEAR = 7;
const FAR = 8;
/** The call stands for this long before the path is impaired, as in a browser. */
const BEFORE_MS = 3000;
/** What is spoken at the end is heard within this time. */
const AFTER_MS = 1000;
/** A further connection is there so long after it was asked for: statistics, a handshake. */
const CONNECT_MS = 1000;
/** Headers that a bottleneck carries around what the channel model sends. */
const IP_UDP_BYTES = 28;

/** What a virtual call needs. */
export type VirtualCallOptions = {
  /** Mono, 48 kHz; repeated when it ends. The far side says the same, half its length later. */
  readonly speech: Float32Array;
  readonly settleMs: number;
  readonly measureMs: number;
  readonly seed: number;
  readonly neural: boolean;
};

/**
 * A call of two in virtual time, both talking: encoder → router → model of an SCTP channel over impaired paths, acknowledgements and
 * reports included → router → receive stream, the engine's own parts without browser, threads and devices. The same seed gives
 * the same samples.
 */
export function measureVirtualCall(profile: ImpairmentProfile, options: VirtualCallOptions): Measurement {
  const { settleMs, measureMs, seed, neural } = options;
  const clock = new VirtualClock(START);
  const totalMs = BEFORE_MS + settleMs + measureMs + AFTER_MS;
  const half = options.speech.length >> 1;
  const speeches = [options.speech, Float32Array.from(options.speech, (_, i) => rotated(options.speech, i + half))];
  const paths = [seed, seed + 1].map((own) => new Impairment(CLEAN_PROFILE, seededRandom(own), START));
  const members = speeches.map(
    (speech, side) =>
      new VirtualMember({
        clock,
        speech,
        totalMs,
        seed: seed + 2 + side,
        neural,
        ssrc: side === 0 ? NEAR : FAR,
        remoteSsrc: side === 0 ? FAR : NEAR,
      }),
  );
  const bytes = [0, 0];
  /** The channels of one more connection, one from each side. */
  const connect = (): SctpChannelModel[] => {
    const ends = paths.map((path, side) => new SctpChannelModel(clock, path, paths[1 - side] ?? path));
    ends.forEach((channel, side) => {
      // Both ends of a connection are one channel to its owner: what comes from there came on it.
      channel.onMessage = (message) => members[1 - side]?.receive(message, ends[1 - side]);
      channel.onTransmit = (length) => {
        bytes[side] = (bytes[side] ?? 0) + length + IP_UDP_BYTES;
      };
      // Acknowledgements of what comes from the other side travel on this side's path.
      channel.onAcknowledge = (length) => {
        bytes[1 - side] = (bytes[1 - side] ?? 0) + length + IP_UDP_BYTES;
      };
    });
    return ends;
  };
  connect().forEach((channel, side) => {
    members[side]?.join(channel);
  });
  let connections = 1;
  const watchConnections = (): void => {
    const wanted = Math.max(...members.map((member) => member.wantedConnections));
    for (; connections < wanted; connections++) {
      connect().forEach((channel, side) => {
        members[side]?.addChannel(channel);
      });
    }
    clock.at(clock.now + CONNECT_MS, watchConnections);
  };
  watchConnections();
  const counts = (): Counts => ({
    bytes: [...bytes],
    concealment: members.map((member) => member.counts()),
    packets: paths.map(({ counters }) => counters.offered),
    dropped: paths.map(({ counters }) => counters.lost + counters.queueDrops),
  });
  clock.runUntil(START + BEFORE_MS);
  for (const path of paths) {
    path.profile = profile;
    path.restart(clock.now);
  }
  const fromMs = START + BEFORE_MS + settleMs;
  const toMs = fromMs + measureMs;
  clock.runUntil(fromMs);
  const before = counts();
  clock.runUntil(toMs);
  const after = counts();
  clock.runUntil(toMs + AFTER_MS);

  const recorded = (samples: (position: number) => number): Float32Array => {
    const first = Math.round(((fromMs - START) * SAMPLE_RATE) / 1000);
    const length = Math.round(((measureMs + AFTER_MS) * SAMPLE_RATE) / 1000);
    return Float32Array.from({ length }, (_, i) => samples(first + i));
  };
  return {
    directions: speeches.map((speech, side): DirectionRecording => {
      const heard = members[1 - side]?.heard;
      const recording = { sampleRate: SAMPLE_RATE, startMs: fromMs };
      return {
        spoken: { ...recording, samples: recorded((position) => rotated(speech, position)) },
        heard: { ...recording, samples: recorded((position) => heard?.[position] ?? 0) },
      };
    }),
    fromMs,
    toMs,
    outageEnds: outageEnds(profile, START + BEFORE_MS, { fromMs, toMs }),
    concealment: after.concealment.map((end, side) => difference(end, before.concealment[side])),
    traffic: after.bytes.map((end, side) => ({
      bitrate: ((end - (before.bytes[side] ?? 0)) * 8000) / measureMs,
      packets: (after.packets[side] ?? 0) - (before.packets[side] ?? 0),
      dropped: (after.dropped[side] ?? 0) - (before.dropped[side] ?? 0),
    })),
    details: { near: members[0]?.details(), far: members[1]?.details() },
  };
}

type Counts = {
  readonly bytes: readonly number[];
  readonly concealment: readonly ConcealmentCounts[];
  readonly packets: readonly number[];
  readonly dropped: readonly number[];
};

function rotated(speech: Float32Array, position: number): number {
  return speech[position % speech.length] ?? 0;
}
