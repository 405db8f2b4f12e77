import { keepAwake } from "../keep-awake.ts";
import type { LatencyCell } from "./latency-cell.ts";

/** Longest time that a context may take to start, ms. */
const START_TIMEOUT_MS = 3_000;

/** A cell that this browser or machine cannot do. The message says why. */
export class UnsupportedCell extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "UnsupportedCell";
  }
}

type CellContextOptions = AudioContextOptions & { readonly renderSizeHint?: number };

/**
 * Opens and starts the context of a cell.
 *
 * @throws UnsupportedCell when the browser does not give the rate or the quantum asked for, or does not start it
 */
export async function openCellContext(cell: LatencyCell): Promise<AudioContext> {
  const { sampleRate, chunk, buffer } = cell;
  const quantumFrames = "quantumFrames" in chunk ? chunk.quantumFrames : undefined;
  if (globalThis.AudioWorkletNode === undefined) throw new UnsupportedCell("This browser or page has no AudioWorklet");
  if (cell.path === "native-webrtc" && globalThis.RTCPeerConnection === undefined) {
    throw new UnsupportedCell("This browser has no WebRTC");
  }
  const options: CellContextOptions = {
    sampleRate,
    latencyHint: buffer.latencyHint,
    ...(quantumFrames === undefined ? {} : { renderSizeHint: quantumFrames }),
  };
  let context: AudioContext;
  try {
    context = new AudioContext(options);
    keepAwake(context);
  } catch (error) {
    throw new UnsupportedCell(`No AudioContext at ${sampleRate} Hz: ${error instanceof Error ? error.message : error}`);
  }
  try {
    await started(context);
    check(context, sampleRate, quantumFrames);
    return context;
  } catch (error) {
    await context.close();
    throw error;
  }
}

async function started(context: AudioContext): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new UnsupportedCell("The audio output did not start: click on the page once and try again")),
      START_TIMEOUT_MS,
    );
  });
  try {
    await Promise.race([context.resume(), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function check(context: AudioContext, sampleRate: number, quantumFrames: number | undefined): void {
  if (context.sampleRate !== sampleRate) {
    throw new UnsupportedCell(`This browser gives ${context.sampleRate} Hz instead of ${sampleRate} Hz`);
  }
  const { renderQuantumSize } = context as AudioContext & { readonly renderQuantumSize?: number };
  const actual = renderQuantumSize ?? 128;
  if (quantumFrames !== undefined && actual !== quantumFrames) {
    throw new UnsupportedCell(`This browser renders ${actual} frames at a time, not ${quantumFrames}`);
  }
}
