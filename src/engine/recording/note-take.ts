import type { CodecModule } from "../codec/codec-module.ts";
import type { CaptureSettings } from "../settings/capture-settings.ts";
import { SampleHistory } from "./sample-history.ts";
import type { RecordedTrack, TrackRecorder } from "./track-recorder.ts";
import { PROBE_SAMPLES, VoiceProbe } from "./voice-probe.ts";
import { VoiceProcessing } from "./voice-processing.ts";
import { VoiceTrigger, type VoiceTriggerSettings } from "./voice-trigger.ts";

/** What a {@link NoteTake} is made of. */
export type NoteTakeOptions = {
  readonly codec: CodecModule;
  readonly rnnoise: WebAssembly.Module | undefined;
  readonly gtcrn: WebAssembly.Module | undefined;
  readonly processing: CaptureSettings | undefined;
  readonly trigger: VoiceTriggerSettings | undefined;
  readonly maxSamples: number;
  readonly channels: 1 | 2;
  readonly track: TrackRecorder;
};

/** What a take does now. It ends by itself after silence (voice-triggered) or at its greatest length. */
export type NoteTakeState = "waiting" | "recording" | "paused" | "silence" | "max-length" | "finished";

/** A lost stretch of the microphone longer than this is another source, not a gap to fill with silence, in samples. */
const LONGEST_GAP = 48_000 * 5;

/** Length of the joint over a pause: 5 ms. */
const JOINT_SAMPLES = 240;

/** Audio kept beyond what the trigger asks for: the time it takes to decide, in milliseconds. */
const DECISION_MS = 400;

const SAMPLES_PER_MS = 48;

/**
 * One voice note while it is taken: microphone samples in, processed samples into its track. Voice-triggered, it keeps the
 * last seconds, starts in the past when somebody talks, and ends in the past when everybody is quiet. Worker thread or Node.
 */
export class NoteTake {
  readonly #track: TrackRecorder;
  readonly #trigger: VoiceTrigger | undefined;
  readonly #probe: VoiceProbe | undefined;
  readonly #processing: VoiceProcessing | undefined;
  readonly #history: SampleHistory;
  readonly #maxSamples: number;
  readonly #latency: number;
  readonly #left = new Float32Array(PROBE_SAMPLES);
  readonly #right: Float32Array;
  #filled = 0;
  #taken = 0;
  #expectedPosition: number | undefined;
  #state: NoteTakeState;
  /** The recording is the processed samples from `start` to `end`, counted from the first; `secure` of them are sure to stay. */
  #start = Number.POSITIVE_INFINITY;
  #end = Number.POSITIVE_INFINITY;
  #secure = Number.POSITIVE_INFINITY;
  #jointAt = JOINT_SAMPLES;
  #lastLeft = 0;
  #lastRight = 0;

  /** @throws {CodecError} when the module's memory is full */
  constructor(options: NoteTakeOptions) {
    const { codec, rnnoise, gtcrn, processing, trigger, channels, maxSamples } = options;
    this.#track = options.track;
    this.#maxSamples = maxSamples;
    this.#right = channels === 1 ? this.#left : new Float32Array(PROBE_SAMPLES);
    const keptMs =
      trigger === undefined ? 0 : trigger.silenceMs + trigger.preRollMs + trigger.minSpeechMs + DECISION_MS;
    this.#history = new SampleHistory(keptMs * SAMPLES_PER_MS + 2 * PROBE_SAMPLES, channels);
    this.#processing =
      processing === undefined
        ? undefined
        : new VoiceProcessing({
            codec,
            rnnoise,
            gtcrn,
            channels,
            settings: processing,
            receive: (left, right, frames) => this.#keep(left, right, frames),
          });
    this.#latency = this.#processing?.latencySamples ?? 0;
    this.#state = trigger === undefined ? "recording" : "waiting";
    if (trigger === undefined) {
      this.#start = this.#latency;
    } else {
      this.#trigger = new VoiceTrigger(trigger);
      this.#probe = new VoiceProbe(rnnoise);
    }
  }

  get state(): NoteTakeState {
    return this.#state;
  }

  /** Samples recorded so far. */
  get samples(): number {
    return this.#track.samples;
  }

  /** Takes the verdict of the accurate voice detector, 0…1. */
  setVoiceProbability(probability: number): void {
    this.#probe?.setAccurate(probability);
  }

  /** Takes `frames` samples at 48 kHz; a short gap before `position` becomes silence. */
  write(position: number, left: Float32Array, right: Float32Array, frames: number): void {
    const gap = this.#expectedPosition === undefined ? 0 : position - this.#expectedPosition;
    this.#expectedPosition = position + frames;
    if (!this.#isLive) return;
    if (gap > 0 && gap <= LONGEST_GAP) this.#takeSilence(gap);
    for (let index = 0; index < frames; index += 1) this.#take(left[index] ?? 0, right[index] ?? 0);
  }

  /** Leaves out what comes until `resume`. */
  pause(): void {
    if (this.#state === "recording" && this.#trigger === undefined) this.#state = "paused";
  }

  resume(): void {
    if (this.#state !== "paused") return;
    this.#state = "recording";
    this.#expectedPosition = undefined;
    this.#jointAt = 0;
  }

  /** Ends the take with the newest sample and completes its file. */
  async finish(): Promise<RecordedTrack> {
    if (this.#state === "recording" || this.#state === "paused") {
      this.#end = Math.min(this.#end, this.#taken + this.#filled + this.#latency);
      this.#state = "finished";
      // What the processing still holds comes out behind as much silence.
      const owed = this.#latency + 2 * PROBE_SAMPLES;
      this.#takeSilence(owed);
    }
    this.#secure = Number.POSITIVE_INFINITY;
    this.#record();
    this.close();
    return this.#track.finish();
  }

  /** Frees everything but the track. Idempotent. */
  close(): void {
    this.#processing?.close();
    this.#probe?.close();
  }

  get #isLive(): boolean {
    return this.#state === "recording" || this.#state === "waiting";
  }

  #takeSilence(samples: number): void {
    for (let index = 0; index < samples; index += 1) this.#take(0, 0);
  }

  #take(left: number, right: number): void {
    const at = this.#filled;
    if (this.#jointAt < JOINT_SAMPLES) {
      // Behind a pause the sound goes on from where it stopped, so that nothing clicks.
      const gain = (this.#jointAt + 0.5) / JOINT_SAMPLES;
      this.#jointAt += 1;
      this.#left[at] = left * gain + this.#lastLeft * (1 - gain);
      if (this.#right !== this.#left) this.#right[at] = right * gain + this.#lastRight * (1 - gain);
    } else {
      this.#lastLeft = this.#left[at] = left;
      if (this.#right !== this.#left) this.#lastRight = this.#right[at] = right;
    }
    this.#filled = at + 1;
    if (this.#filled === PROBE_SAMPLES) this.#processBlock();
  }

  #processBlock(): void {
    this.#filled = 0;
    this.#taken += PROBE_SAMPLES;
    this.#decide();
    if (this.#processing === undefined) this.#keep(this.#left, this.#right, PROBE_SAMPLES);
    else this.#processing.process(this.#left, this.#right, 0, PROBE_SAMPLES);
    this.#record();
  }

  #decide(): void {
    const trigger = this.#trigger;
    if (trigger === undefined || this.#probe === undefined || !this.#isLive) return;
    const decision = trigger.advance(PROBE_SAMPLES, this.#probe.probability(this.#left));
    if (decision.type === "start") {
      this.#state = "recording";
      this.#start = decision.atSample + this.#latency;
    }
    if (decision.type === "stop") {
      this.#end = decision.atSample + this.#latency;
      this.#state = "silence";
    }
    this.#secure = trigger.keptUntil + this.#latency;
  }

  #keep(left: Float32Array, right: Float32Array, frames: number): void {
    if (this.#trigger === undefined) {
      // Nothing is decided in hindsight: the samples go straight on.
      this.#append(this.#history.position, left, right, frames);
    }
    this.#history.push(left, right, frames);
  }

  /** Brings what is sure to stay from the history into the track. */
  #record(): void {
    if (this.#trigger === undefined) return;
    const from = this.#start + this.#track.samples;
    const to = Math.min(this.#end, this.#secure, this.#history.position);
    if (from < to)
      this.#history.read(from, to, (position, left, right, frames) => {
        this.#append(position, left, right, frames);
      });
  }

  #append(position: number, left: Float32Array, right: Float32Array, frames: number): void {
    const skip = Math.max(0, Math.min(frames, this.#start - position));
    const room = this.#maxSamples - this.#track.samples;
    const count = Math.min(frames - skip, this.#end - position - skip, room);
    if (count > 0) this.#track.append(left, right, skip, count);
    if (this.#track.samples >= this.#maxSamples && this.#state === "recording") this.#state = "max-length";
  }
}
