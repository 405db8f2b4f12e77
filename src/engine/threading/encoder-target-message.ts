import type { EncoderTarget } from "../congestion/encoder-target.ts";

/** What the network thread tells a capture node, on a port of their own. */
export type EncoderTargetMessage = { readonly target: EncoderTarget };
