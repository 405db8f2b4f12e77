import type { NetworkPins } from "./network-settings.ts";

/** No quantity is pinned. Apart from the schema, so that the network's thread does not load a validator. */
export const NO_PINS: NetworkPins = {
  bitrate: null,
  frameDuration: null,
  redundancy: null,
  fec: null,
  dredDuration: null,
  connections: null,
};
