import { distributionOf } from "../measurement/distribution.ts";
import { toVoiceError } from "../voice-error.ts";
import type { AcousticOptions, AcousticRoundTrip } from "./acoustic-options.ts";
import { resolveLabAssets } from "./lab-assets.ts";
import { MeasurementGraph } from "./measurement-graph.ts";

/** Half a second between chirps: rooms echo, and some devices take a quarter of one. */
const TIMING = { periodMs: 500, maxDelayMs: 450 };

/** Until devices run and have settled, ms. */
const SETTLE_MS = 1_500;

/** As it comes: echo cancellation would take the chirps out. */
const RAW: MediaTrackConstraints = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

/** Does the work of `measureAcousticRoundTrip`. */
export async function playAndListen(
  options: AcousticOptions & { readonly seconds: number },
): Promise<AcousticRoundTrip> {
  const { seconds, deviceId, latencyHint = 0, signal } = options;
  const assets = await resolveLabAssets(options.assets ?? {});
  const context = new AudioContext({ latencyHint });
  let graph: MeasurementGraph | undefined;
  let microphone: MediaStream | undefined;
  try {
    const speaker = options.speaker?.(context) ?? context.destination;
    const audio = deviceId === undefined ? RAW : { ...RAW, deviceId: { exact: deviceId } };
    microphone = await navigator.mediaDevices.getUserMedia({ audio });
    await context.resume();
    const recorderUrl = assets.measurementRecorder;
    graph = await MeasurementGraph.start({ context, recorderUrl, timing: TIMING, maxSeconds: seconds + 10 });
    graph.source.connect(speaker);
    graph.listenTo(new MediaStreamAudioSourceNode(context, { mediaStream: microphone }));
    graph.playChirps();
    await elapse(SETTLE_MS, signal);
    await graph.forget();
    await elapse(1_000 * seconds, signal);
    const { delays, selfTestErrorMs } = graph.measureChirps(await graph.take());
    return {
      delay: distributionOf(delays.delaysMs),
      chirps: { sent: delays.sent, lost: delays.lost },
      outputLatencyMs: 1_000 * (context.baseLatency + (context.outputLatency || 0)),
      selfTestErrorMs,
    };
  } catch (error) {
    throw toVoiceError(error, signal?.aborted === true ? "closed" : codeOf(error), "Cannot measure the round trip");
  } finally {
    for (const track of microphone?.getTracks() ?? []) track.stop();
    await (graph === undefined ? context.close() : graph.close());
  }
}

function codeOf(error: unknown): "permission-denied" | "no-microphone" | "microphone-busy" | "worklet-failed" {
  switch (error instanceof DOMException ? error.name : "") {
    case "NotAllowedError":
      return "permission-denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "no-microphone";
    case "NotReadableError":
      return "microphone-busy";
    default:
      return "worklet-failed";
  }
}

function elapse(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason ?? new DOMException("The measurement was ended", "AbortError"));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, ms);
    if (signal?.aborted === true) abort();
    else signal?.addEventListener("abort", abort, { once: true });
  });
}
