import { CodecModule } from "../codec/codec-module.ts";
import { Resampler } from "../codec/resampler.ts";
import { SAMPLE_RATE } from "../media/units.ts";
import type { CaptureSettings } from "../settings/capture-settings.ts";
import type { EncoderSettings } from "../settings/encoder-settings.ts";
import { CaptureChain } from "./capture-chain.ts";
import type { CaptureTelemetry } from "./capture-telemetry.ts";
import type { CapturedFrame, FrameSink, PcmSink } from "./frame-sink.ts";

/** Samples handed to the chain at a time: what an AudioWorklet gets. */
const QUANTUM = 128;

/** What an offline run of the capture chain takes. */
export type OfflineCaptureOptions = {
  /** core.wasm or neural.wasm, compiled. */
  readonly core: WebAssembly.Module;
  readonly rnnoise?: WebAssembly.Module | undefined;
  readonly gtcrn?: WebAssembly.Module | undefined;
  readonly capture: CaptureSettings;
  readonly encoder: EncoderSettings;
  /** One or two channels of equal length, full scale ±1. */
  readonly channels: readonly Float32Array[];
  /** Hz; anything but 48 000 is resampled. */
  readonly sampleRate: number;
  /** A clock of any unit for the cost of the stages; none: nothing is timed. */
  readonly clock?: (() => number) | undefined;
  /** Sees the chain after every 10 ms of input: live changes, telemetry over time. `position` in samples at 48 kHz. */
  readonly onBlock?: ((chain: CaptureChain, position: number) => void) | undefined;
};

/** One Opus packet of an offline run. */
export type OfflinePacket = Readonly<CapturedFrame> & {
  readonly payload: Uint8Array;
  /** Capture position at which it came out of the chain, samples at 48 kHz since the start. */
  readonly sentAt: number;
};

/** What an offline run gives. */
export type OfflineCapture = {
  /** The audio in front of the encoder, as long as the input and in line with it: the delay at the start is taken off. */
  readonly processed: readonly Float32Array[];
  readonly packets: readonly OfflinePacket[];
  /** Samples at 48 kHz in the input. */
  readonly inputSamples: number;
  /** Delay of the signal against its capture positions at the start, samples: suppressor and limiter. */
  readonly signalDelaySamples: number;
  /** Delay of the processing at the end, samples. */
  readonly latencySamples: number;
  /** The encoder's look-ahead, samples. */
  readonly lookaheadSamples: number;
  /** The chain's own figures at the end. */
  readonly telemetry: CaptureTelemetry;
};

/**
 * Runs the capture chain over a whole recording, exactly as capture.worklet runs it, as fast as it goes. Allocates freely:
 * not for the audio thread.
 *
 * @throws RangeError when a setting or the rate is out of range; CodecError when the codec's memory is full.
 */
export function captureOffline(options: OfflineCaptureOptions): OfflineCapture {
  const codec = CodecModule.instantiate(options.core);
  const [left, right] = atEngineRate(codec, options.channels, options.sampleRate);
  const inputSamples = left.length;
  const packets: OfflinePacket[] = [];
  const onFrame: FrameSink = {
    frame: (payload, length, frame) => {
      packets.push({ payload: payload.slice(0, length), ...frame, sentAt: chain.telemetry.samplesProcessed });
    },
  };
  const { rnnoise, gtcrn, capture: settings, encoder, clock } = options;
  const chain = new CaptureChain({ codec, rnnoise, gtcrn, settings, encoder, onFrame, clock });
  const outputs = Array.from({ length: encoder.stereo ? 2 : 1 }, () => new Float32Array(inputSamples));
  const { signalDelaySamples } = chain;
  chain.pcmSink = alignedSink(outputs, signalDelaySamples);
  feed(chain, left, right, options.onBlock);
  const { latencySamples, telemetry } = chain;
  // What is still inside comes out with silence behind it; the pre-roll of a closed gate holds back up to 300 ms.
  const silence = new Float32Array(QUANTUM);
  const flush = latencySamples + chain.frameSamples + SAMPLE_RATE * 0.4;
  for (let at = 0; at < flush; at += QUANTUM) chain.process(silence, silence, 0, QUANTUM);
  chain.close();
  const wanted = inputSamples + signalDelaySamples + Number(telemetry.latencySamples.at(-1));
  return {
    processed: outputs,
    packets: packets.filter(({ rtpTimestamp }) => rtpTimestamp < wanted),
    inputSamples,
    signalDelaySamples,
    latencySamples,
    lookaheadSamples: Number(telemetry.latencySamples.at(-1)),
    telemetry,
  };
}

function feed(
  chain: CaptureChain,
  left: Float32Array,
  right: Float32Array,
  onBlock: OfflineCaptureOptions["onBlock"],
): void {
  let nextBlock = 480;
  for (let at = 0; at < left.length; at += QUANTUM) {
    const frames = Math.min(QUANTUM, left.length - at);
    chain.process(left, right, at, frames);
    if (onBlock === undefined || at + frames < nextBlock) continue;
    onBlock(chain, nextBlock);
    nextBlock += 480;
  }
}

function alignedSink(outputs: readonly Float32Array[], delay: number): PcmSink {
  return {
    pcm: (interleaved, frameSamples, channels, position) => {
      const start = position - delay;
      for (const [channel, output] of outputs.entries()) {
        for (let i = 0; i < frameSamples; i++) {
          const at = start + i;
          // A run that changed to stereo half-way still fills as many channels as it began with.
          const from = i * channels + Math.min(channel, channels - 1);
          if (at >= 0 && at < output.length) output[at] = interleaved[from] ?? 0;
        }
      }
    },
  };
}

/** Both channels at 48 kHz, the resampler's delay taken off; the same array twice for mono. */
function atEngineRate(
  codec: CodecModule,
  channels: readonly Float32Array[],
  sampleRate: number,
): readonly [Float32Array, Float32Array] {
  const [first = new Float32Array(0), second] = channels;
  const left = resampled(codec, first, sampleRate);
  return [left, second === undefined ? left : resampled(codec, second, sampleRate)];
}

function resampled(codec: CodecModule, samples: Float32Array, sampleRate: number): Float32Array {
  if (sampleRate === SAMPLE_RATE) return samples;
  const capacity = 4_096;
  const resampler = new Resampler(codec, { channels: 1, inputRate: sampleRate, outputRate: SAMPLE_RATE, capacity });
  const output = new Float32Array(Math.round((samples.length * SAMPLE_RATE) / sampleRate));
  let written = -resampler.outputLatency;
  for (let at = 0; written < output.length; at += capacity) {
    resampler.input.fill(0);
    resampler.input.set(samples.subarray(at, at + capacity));
    const frames = resampler.process(capacity);
    for (let i = 0; i < frames; i++, written++) {
      if (written >= 0 && written < output.length) output[written] = resampler.output[i] ?? 0;
    }
  }
  resampler.close();
  return output;
}
