import type { DeepPartial } from "./settings/apply-patch.ts";
import type { EncoderSettings } from "./settings/encoder-settings.ts";

/** How to join a room. */
export type JoinOptions = {
  /** What members prove to know. Default: none, so that whoever knows the name gets in. */
  readonly secret?: string;
  /** How the others see you. */
  readonly name: string;
  /** Join without a microphone. */
  readonly listenOnly?: boolean;
  /** Called once when the host has to let this member in first. */
  readonly onWaiting?: () => void;
  /** Gives up joining. */
  readonly signal?: AbortSignal;
};

/** How to add a stream. */
export type AddStreamOptions = {
  /** For people: "tab audio", the name of a file. */
  readonly label: string;
  /** Deviations from the music preset. */
  readonly encoder?: DeepPartial<EncoderSettings>;
};
