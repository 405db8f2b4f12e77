/**
 * Opus complexity of a recorded call's tracks. Several run beside the call itself: at 6 a track takes about a quarter less of
 * the processor than at 10, at the same DNSMOS (OVRL 3.29 at 40 kb/s); the mix takes half.
 */
const COMPLEXITY = 6;

/** How the mix of a recorded call is encoded. */
export const MIX_ENCODING = { channels: 2, bitrate: 96_000, complexity: COMPLEXITY } as const;

/** How the track of one voice in a recorded call is encoded. */
export const VOICE_ENCODING = { channels: 1, bitrate: 40_000, complexity: COMPLEXITY } as const;
