import type { OpusEncoderSettings } from "../codec/opus-encoder-settings.ts";
import type { TrackPlan } from "./recording-messages.ts";

/** How the encoder of a track's plan is set; what the plan leaves out is the encoder's own choice. */
export function trackEncoderSettings({ bitrate, complexity }: TrackPlan): Partial<OpusEncoderSettings> {
  return {
    ...(bitrate === undefined ? {} : { bitrate }),
    ...(complexity === undefined ? {} : { complexity }),
  };
}
