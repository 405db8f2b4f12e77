import { NetworkHost } from "../engine/threading/network-host.ts";
import type { ToNetworkThread } from "../engine/threading/network-messages.ts";

/*
 * The network worker: owns the data channels of voice, and the router that packetizes, sends, receives and controls.
 * Everything it does is in NetworkHost; this shell gives it the worker's port.
 */
const host = new NetworkHost((message) => postMessage(message));

addEventListener("message", ({ data }: MessageEvent<ToNetworkThread>) => {
  host.receive(data);
  if (data.type === "close") {
    close();
  }
});
