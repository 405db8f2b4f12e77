import type { AudioDevice } from "./device-list.ts";

/** A device as the settings remember it. */
export type RememberedDevice = { readonly deviceId: string; readonly deviceLabel: string };

/**
 * The id of the present device that was chosen: by id, or by label where ids have changed since. Empty when the default
 * was chosen or the chosen one is not there.
 */
export function findDevice(devices: readonly AudioDevice[], chosen: RememberedDevice): string {
  if (chosen.deviceId === "") {
    return "";
  }
  const byId = devices.find((device) => device.id === chosen.deviceId);
  const byLabel = devices.find((device) => device.label !== "" && device.label === chosen.deviceLabel);
  return (byId ?? byLabel)?.id ?? "";
}
