import type { CodecModule } from "../codec/codec-module.ts";
import { millisecondsToSamples } from "../media/units.ts";
import { type CaptureSettings, listensForVoice } from "../settings/capture-settings.ts";
import type { EncoderSettings } from "../settings/encoder-settings.ts";
import { Activation } from "./activation.ts";
import { CAPTURE_STAGES, CaptureTelemetry } from "./capture-telemetry.ts";
import { FrameEncoder } from "./frame-encoder.ts";
import type { FrameSink, PcmSink } from "./frame-sink.ts";
import { GtcrnSuppressor } from "./gtcrn-suppressor.ts";
import { HighPass } from "./high-pass.ts";
import { InputConditioner } from "./input-conditioner.ts";
import { KWeighting } from "./k-weighting.ts";
import { LevelPoints } from "./level-points.ts";
import { Leveler, type LevelerInput } from "./leveler.ts";
import { LimiterStage } from "./limiter-stage.ts";
import { NoiseFloor } from "./noise-floor.ts";
import { RnnoiseSuppressor } from "./rnnoise-suppressor.ts";
import { SpeexSuppressor } from "./speex-suppressor.ts";
import { SuppressionStage } from "./suppression-stage.ts";
import { TalkKey } from "./talk-key.ts";
import { TransmitBuffer } from "./transmit-buffer.ts";
import { VoiceDetector, type VoiceEvidence } from "./voice-detector.ts";
import { VoiceListener } from "./voice-listener.ts";

/** Largest internal block and the tick of all decisions: 10 ms. */
const BLOCK = 480;
/** Indices of the stages and, the same numbers, of the level points in front of them. */
const TRIM = 0;
const HIGH_PASS = 1;
const SUPPRESSOR = 2;
const ACTIVATION = 3;
const LEVELER = 4;
const LIMITER = 5;
const ENCODER = 6;

/** What a capture chain is made of. */
export type CaptureChainOptions = {
  readonly codec: CodecModule;
  /** `rnnoise_simd.wasm`, compiled. Without it that engine passes audio through until `provideSuppressor`. */
  readonly rnnoise?: WebAssembly.Module | undefined;
  /** `gtcrn.wasm`, compiled. */
  readonly gtcrn?: WebAssembly.Module | undefined;
  readonly settings: CaptureSettings;
  readonly encoder: EncoderSettings;
  readonly onFrame: FrameSink;
  /** A clock of any unit for `telemetry.cost`; without it nothing is timed. */
  readonly clock?: (() => number) | undefined;
};

/**
 * From 48 kHz microphone samples to Opus frames: trim → high-pass → suppressor → activation → leveler → limiter → Opus.
 * The same object runs in capture.worklet and in the offline renderer. `process` does not allocate; `configure` may.
 *
 * Works in blocks of min(frame, 480) samples, or 480 while a suppressor runs. The gate acts where the audio is read for the
 * encoder, so that what was said before the decision (the pre-roll) has passed the leveler and limiter like everything else.
 */
export class CaptureChain {
  /** Live figures; read them at any time. */
  readonly telemetry = new CaptureTelemetry();
  readonly #left = new Float32Array(BLOCK);
  readonly #right = new Float32Array(BLOCK);
  readonly #conditioner = new InputConditioner();
  readonly #highPass = new HighPass();
  readonly #suppression: SuppressionStage;
  readonly #noise = new NoiseFloor();
  readonly #detector: VoiceDetector;
  #rnnoise: WebAssembly.Module | undefined;
  #listener: VoiceListener | undefined;
  readonly #key: TalkKey;
  readonly #activation: Activation;
  readonly #weightLeft = new KWeighting();
  readonly #weightRight = new KWeighting();
  readonly #leveler: Leveler;
  readonly #limiter: LimiterStage;
  readonly #audio: TransmitBuffer;
  readonly #encoder: FrameEncoder;
  readonly #levels = new LevelPoints();
  readonly #evidence: VoiceEvidence = { levelDb: -120, suppressionDb: 0, probability: -1, accurateProbability: -1 };
  readonly #levelerInput: LevelerInput = { weightedMeanSquare: 0, levelDb: -120, noiseFloorDb: -70, isVoice: false };
  readonly #clock: (() => number) | undefined;
  #settings: CaptureSettings;
  #channels: 1 | 2;
  /** Position at which the number of channels changes to that of the encoder. */
  #seam = 0;
  #blockFrames = BLOCK;
  #filled = 0;
  #tickFrames = 0;
  #tickEnergy = 0;
  /** Level in front of the suppressor one tick ago: engines with a voice probability delay the audio by one tick. */
  #earlierLevelDb = -120;
  #lastTime = 0;
  #isClosed = false;

  /** @throws CodecError when the codec module's memory is full; RangeError when a setting is out of range. */
  constructor(options: CaptureChainOptions) {
    const { codec, rnnoise, gtcrn, settings, encoder, onFrame } = options;
    this.#clock = options.clock;
    this.#settings = settings;
    this.#suppression = new SuppressionStage({ speex: () => new SpeexSuppressor(codec) });
    if (rnnoise !== undefined) this.provideSuppressor("rnnoise", rnnoise);
    if (gtcrn !== undefined) this.provideSuppressor("gtcrn", gtcrn);
    this.#detector = new VoiceDetector(settings.activation);
    this.#key = new TalkKey(settings.pushToTalk);
    this.#activation = new Activation(settings.activation);
    this.#leveler = new Leveler(settings.leveler);
    this.#limiter = new LimiterStage(settings.limiter);
    this.#audio = new TransmitBuffer(transmitSettings(settings));
    this.#encoder = new FrameEncoder(codec, encoder, onFrame);
    this.#channels = this.#encoder.channels;
    this.configure(settings);
    this.#conditioner.reset();
    this.#highPass.reset();
    this.#suppression.settle();
    this.#blockFrames = this.#nextBlockFrames();
    this.#publishLatency();
  }

  /** Delay of the processing, samples: suppressor, limiter, and blocks longer than a frame. Without framing and look-ahead. */
  get latencySamples(): number {
    const beyondFrame = Math.max(0, this.#blockFrames - this.#encoder.frameSamples);
    return this.signalDelaySamples + beyondFrame;
  }

  /** By how many samples the audio in a frame is older than its capture position says: the delay of the filters alone. */
  get signalDelaySamples(): number {
    return this.#suppression.latencySamples + this.#limiter.latencySamples;
  }

  /** Samples per frame at 48 kHz. */
  get frameSamples(): number {
    return this.#encoder.frameSamples;
  }

  /** Takes the audio in front of the encoder while set. */
  set pcmSink(sink: PcmSink | undefined) {
    this.#encoder.pcmSink = sink;
  }

  /**
   * Takes `frames` (1…960) samples at 48 kHz from `offset`. For a mono source give the same array twice; two channels are
   * mixed to one unless the encoder is set to stereo. Frames go to the sink before this returns, at most
   * 1 + frames / frame length at a time: the burst of a pre-roll spreads over the next calls.
   */
  process(left: Float32Array, right: Float32Array, offset: number, frames: number): void {
    let at = offset;
    const end = offset + frames;
    while (at < end) {
      const count = Math.min(end - at, this.#blockFrames - this.#filled);
      this.#take(left, right, at, count);
      at += count;
      if (this.#filled === this.#blockFrames) this.#processBlock();
    }
    this.telemetry.samplesProcessed += frames;
    this.#encode(1 + Math.floor(frames / this.#encoder.frameSamples));
  }

  /** New settings of everything in front of the encoder, live and without a click. */
  configure(settings: CaptureSettings): void {
    this.#settings = settings;
    this.#conditioner.configure(settings.trimDb);
    this.#highPass.configure(settings.highPass.isEnabled, settings.highPass.cutoffHz);
    this.#suppression.configure(settings.suppressor, this.#channels);
    this.#detector.configure(settings.activation);
    this.#updateListener();
    this.#activation.configure(settings.activation);
    this.#key.configure(settings.pushToTalk);
    this.#leveler.configure(settings.leveler);
    this.#limiter.configure(settings.limiter);
    this.#audio.configure(transmitSettings(settings));
  }

  /** New settings of the encoder, from the next frame on. @throws RangeError when a value is out of range. */
  configureEncoder(settings: EncoderSettings): void {
    const channels = settings.stereo ? 2 : 1;
    if (channels !== this.#encoder.channels) {
      this.#seam = this.#audio.position + BLOCK;
      this.#audio.silence(this.#seam, this.#seam + this.latencySamples + BLOCK);
    }
    this.#encoder.configure(settings, this.#seam);
  }

  /** Encodes in another codec module, such as the neural one, from the next frames on. @throws CodecError when its heap is full */
  useCodec(codec: CodecModule): void {
    this.#encoder.useCodec(codec, this.#seam);
  }

  /** Adds an engine whose module has been loaded later. @throws Error when the module is another build than expected. */
  provideSuppressor(kind: "rnnoise" | "gtcrn", module: WebAssembly.Module): void {
    if (kind === "rnnoise") this.#rnnoise = module;
    this.#updateListener();
    const make = kind === "rnnoise" ? () => new RnnoiseSuppressor(module) : () => new GtcrnSuppressor(module);
    this.#suppression.provide(kind, make);
  }

  /** Mutes or unmutes within 5 ms; nothing said while muted is ever sent. */
  setMuted(isMuted: boolean): void {
    this.#activation.isMuted = isMuted;
    this.#updateGate();
  }

  /** The talk key went down or up. */
  setTalkKey(isDown: boolean): void {
    this.#key.set(isDown, this.#audio.position);
  }

  /** Newest voice probability of the accurate detector (Silero), 0…1; −1 when it has stopped. */
  setVoiceProbability(probability: number): void {
    this.#evidence.accurateProbability = probability;
  }

  /** Forgets the past of the signal, for instance after a change of device. Settings, mute and positions stay. */
  reset(): void {
    this.#filled = 0;
    this.#conditioner.reset();
    this.#highPass.reset();
    this.#suppression.reset();
    this.#listener?.reset();
    this.#noise.reset();
    this.#detector.reset();
    this.#activation.reset();
    this.#weightLeft.reset();
    this.#weightRight.reset();
    this.#leveler.reset();
    this.#limiter.reset();
    this.#audio.reset();
    this.#encoder.reset();
  }

  /** Frees what is held inside WebAssembly; the chain must not be used any more. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#suppression.close();
    this.#listener?.close();
    this.#encoder.close();
  }

  #take(left: Float32Array, right: Float32Array, at: number, count: number): void {
    const filled = this.#filled;
    if (this.#channels === 2) {
      for (let i = 0; i < count; i++) {
        this.#left[filled + i] = left[at + i] as number;
        this.#right[filled + i] = right[at + i] as number;
      }
    } else if (left === right) {
      for (let i = 0; i < count; i++) this.#left[filled + i] = left[at + i] as number;
    } else {
      for (let i = 0; i < count; i++) {
        this.#left[filled + i] = 0.5 * ((left[at + i] as number) + (right[at + i] as number));
      }
    }
    this.#filled = filled + count;
  }

  #processBlock(): void {
    const frames = this.#filled;
    const channels = this.#channels;
    const left = this.#left;
    const right = this.#right;
    const levels = this.#levels;
    if (this.#clock !== undefined) this.#lastTime = this.#clock();
    levels.measure(TRIM, left, right, frames, channels);
    this.#conditioner.process(left, right, frames, channels);
    levels.measure(HIGH_PASS, left, right, frames, channels);
    this.#charge(TRIM);
    this.#highPass.process(left, right, frames, channels);
    levels.measure(SUPPRESSOR, left, right, frames, channels);
    this.#charge(HIGH_PASS);
    this.#listener?.listen(left, channels > 1 ? right : left, frames);
    this.#charge(ACTIVATION);
    this.#suppression.process(left, right, frames, channels);
    levels.measure(ACTIVATION, left, right, frames, channels);
    levels.measure(LEVELER, left, right, frames, channels);
    this.#charge(SUPPRESSOR);
    this.#weigh(frames, channels);
    this.#tickFrames += frames;
    if (this.#tickFrames >= BLOCK) this.#decide();
    this.#charge(ACTIVATION);
    this.#leveler.process(left, right, frames, channels);
    levels.measure(LIMITER, left, right, frames, channels);
    this.#charge(LEVELER);
    this.#limiter.process(left, right, frames, channels);
    levels.measure(ENCODER, left, right, frames, channels);
    this.#audio.write(left, channels > 1 ? right : left, frames);
    if (this.#activation.isSealed) this.#updateGate();
    this.#charge(LIMITER);
    if (this.#tickFrames >= BLOCK) this.#endTick();
    this.#filled = 0;
    if (channels !== this.#encoder.channels && this.#audio.position >= this.#seam) this.#switchChannels();
    this.#blockFrames = this.#nextBlockFrames();
  }

  #weigh(frames: number, channels: number): void {
    this.#weightLeft.measure(this.#left, 0, frames);
    this.#tickEnergy += this.#weightLeft.energy;
    if (channels === 1) return;
    this.#weightRight.measure(this.#right, 0, frames);
    this.#tickEnergy += this.#weightRight.energy;
  }

  /** Everything that is decided once per tick. */
  #decide(): void {
    const { telemetry } = this;
    const evidence = this.#evidence;
    const levels = this.#levels;
    levels.rate(ACTIVATION, this.#tickFrames);
    levels.rate(SUPPRESSOR, this.#tickFrames);
    const levelDb = levels.rmsDb[ACTIVATION] as number;
    evidence.levelDb = levelDb;
    this.#noise.update(evidence);
    evidence.suppressionDb = levelDb - this.#earlierLevelDb;
    this.#earlierLevelDb = levels.rmsDb[SUPPRESSOR] as number;
    evidence.probability = this.#suppression.voiceProbability;
    if (evidence.probability < 0) this.#listener?.testify(evidence);
    const isVoice = this.#detector.update(evidence, this.#noise);
    this.#activation.update(isVoice, this.#key, this.#audio.position);
    this.#updateGate();
    const input = this.#levelerInput;
    input.weightedMeanSquare = this.#tickEnergy / this.#tickFrames;
    input.levelDb = levelDb;
    input.noiseFloorDb = this.#noise.levelDb;
    input.isVoice = isVoice;
    this.#leveler.update(input);
    telemetry.isVoice = isVoice;
    telemetry.noiseFloorDb = this.#noise.levelDb;
    telemetry.voiceProbability = this.#detector.probability;
    this.#tickEnergy = 0;
  }

  #endTick(): void {
    const { telemetry } = this;
    this.#levels.publish(telemetry, this.#tickFrames);
    this.#tickFrames = 0;
    telemetry.gainDb[TRIM] = this.#settings.trimDb;
    telemetry.gainDb[SUPPRESSOR] = (telemetry.rmsDb[ACTIVATION] as number) - (telemetry.rmsDb[SUPPRESSOR] as number);
    telemetry.gainDb[LEVELER] = this.#leveler.gainDb;
    telemetry.gainDb[LIMITER] = this.#limiter.gainDb;
    telemetry.momentaryLufs = this.#leveler.momentaryLufs;
    telemetry.speechLufs = this.#leveler.speechLufs;
    telemetry.invalidSamples = this.#conditioner.invalidSamples;
    telemetry.isTransmitting = this.#activation.isOpen;
    telemetry.isMuted = this.#activation.isMuted;
    telemetry.isTalkKeyActive = this.#key.isActive(this.#audio.position);
    telemetry.isTalkKeyLocked = this.#key.isLocked;
    this.#publishLatency();
  }

  #publishLatency(): void {
    const { latencySamples } = this.telemetry;
    latencySamples[SUPPRESSOR] = this.#suppression.latencySamples;
    latencySamples[LIMITER] = this.#limiter.latencySamples;
    latencySamples[ENCODER] = this.#encoder.lookaheadSamples;
  }

  #encode(budget: number): void {
    if (this.#clock !== undefined) this.#lastTime = this.#clock();
    const { telemetry } = this;
    for (let i = 0; i < budget && this.#audio.isReady(this.#encoder.frameSamples); i++) {
      this.#encoder.encode(this.#audio, telemetry.isVoice || this.#activation.isOpen);
    }
    telemetry.framesSent = this.#encoder.frames;
    telemetry.bytesSent = this.#encoder.bytes;
    telemetry.encoderErrors = this.#encoder.errors;
    this.#charge(ENCODER);
  }

  #updateListener(): void {
    const module = listensForVoice(this.#settings) ? this.#rnnoise : undefined;
    if ((module === undefined) === (this.#listener === undefined)) return;
    this.#listener?.close();
    this.#listener = module === undefined ? undefined : new VoiceListener(module);
  }

  #updateGate(): void {
    const { isOpen, isSealed, keepsPreRoll } = this.#activation;
    this.#audio.setGate(isOpen && !this.#activation.isMuted, isSealed || this.#activation.isMuted, keepsPreRoll);
  }

  #switchChannels(): void {
    this.#channels = this.#encoder.channels;
    this.#right.fill(0);
    this.#suppression.configure(this.#settings.suppressor, this.#channels);
  }

  #nextBlockFrames(): number {
    return this.#suppression.needsFullBlocks ? BLOCK : Math.min(BLOCK, this.#encoder.frameSamples);
  }

  #charge(stage: number): void {
    if (this.#clock === undefined) return;
    const now = this.#clock();
    this.telemetry.cost[stage] = (this.telemetry.cost[stage] as number) + now - this.#lastTime;
    this.#lastTime = now;
  }
}

/** Index of each stage by its name, for telemetry. */
export function stageIndex(stage: (typeof CAPTURE_STAGES)[number]): number {
  return CAPTURE_STAGES.indexOf(stage);
}

function transmitSettings({ activation }: CaptureSettings): ConstructorParameters<typeof TransmitBuffer>[0] {
  const { attackMs, releaseMs, preRollMs } = activation;
  return { attackMs, releaseMs, preRollSamples: millisecondsToSamples(preRollMs) };
}
