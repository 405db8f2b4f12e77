import * as v from "valibot";
import { FRAME_DURATIONS, type FrameDuration } from "./encoder-settings.ts";
import { integerIn, SETTING_RANGES } from "./ranges.ts";

/** What the congestion controller may not change. `null` leaves a value to it. */
export type NetworkPins = {
  /** 6000…510000 bit/s of Opus payload. */
  readonly bitrate: number | null;
  readonly frameDuration: FrameDuration | null;
  /** Older frames repeated in every packet (RED), 0…3. */
  readonly redundancy: number | null;
  readonly fec: boolean | null;
  /** Deep redundancy in units of 10 ms, 0…100. */
  readonly dredDuration: number | null;
  /** Connections to each peer that voice is spread over, 1…6. */
  readonly connections: number | null;
};

/** The way of voice packets through the network. */
export type NetworkSettings = {
  readonly pins: NetworkPins;
  /** Send only through a TURN server, which hides the own address from peers. */
  readonly isRelayOnly: boolean;
};

/** Schema of {@link NetworkSettings}. */
export const networkSettingsSchema: v.GenericSchema<unknown, NetworkSettings> = v.object({
  pins: v.object({
    bitrate: v.nullable(integerIn(SETTING_RANGES.encoder.bitrate)),
    frameDuration: v.nullable(v.picklist(FRAME_DURATIONS)),
    redundancy: v.nullable(integerIn(SETTING_RANGES.network.redundancy)),
    fec: v.nullable(v.boolean()),
    dredDuration: v.nullable(integerIn(SETTING_RANGES.encoder.dredDuration)),
    connections: v.nullable(integerIn(SETTING_RANGES.network.connections)),
  }),
  isRelayOnly: v.boolean(),
});
