import type { Page } from "playwright-core";
import type { UdpRelay } from "../test/support/udp-relay.ts";

/** Samples that a listener made up, and all that it played, so far. */
export type ConcealmentCounts = {
  readonly concealedSamples: number;
  readonly silentConcealedSamples: number;
  readonly totalSamples: number;
};

/** A call under test between two browser processes, both talking, both tapped, connected through a relay. */
export type NetworkCall = {
  /** The page of each side. */
  readonly near: Page;
  readonly far: Page;
  /** What the side behind `page` has concealed and played. */
  counts(page: Page): Promise<ConcealmentCounts>;
  /** Whatever else is worth keeping beside the recordings. */
  details(): Promise<unknown>;
  close(): Promise<void>;
};

/** What a call needs to be opened. */
export type NetworkCallOptions = {
  /** WAV files that the microphones of the near and the far side play. */
  readonly microphones: { readonly near: string; readonly far: string };
  readonly relay: UdpRelay;
};

/** A busy machine stops an audio thread during concurrent garbage collection: one thread keeps recordings whole. */
export const CALL_SWITCHES: readonly string[] = ["--js-flags=--single-threaded-gc"];
