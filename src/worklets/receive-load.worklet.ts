import { CodecModule } from "../engine/codec/codec-module.ts";
import { RECEIVE_LOAD, type ReceiveLoadOptions, type ReceiveLoadResult } from "../engine/measurement/receive-load.ts";
import { type RandomSource, seededRandom } from "../engine/media/random.ts";
import { OPUS_PAYLOAD_TYPE, type RtpPacketFields, writeRtpPacket } from "../engine/packet/rtp-packet.ts";
import { Mixer } from "../engine/playout/mixer.ts";
import { ReceiveStream } from "../engine/playout/receive-stream.ts";
import { DEFAULT_STREAM_MIX } from "../engine/playout/stream-mix.ts";
import { defaultSettings } from "../engine/settings/default-settings.ts";

/** Largest quantum. */
const MAX_FRAMES = 4096;

/** Mixes simulated senders on the audio thread and times every quantum: insertion, jitter buffers, decoding, mix, limiter. */
class ReceiveLoadProcessor extends AudioWorkletProcessor {
  readonly #options: ReceiveLoadOptions;
  readonly #mixer: Mixer;
  readonly #streams: ReceiveStream[] = [];
  readonly #sent: Float64Array<ArrayBuffer>;
  readonly #dueAt: Float64Array<ArrayBuffer>;
  /** When frame 0 of each sender would have been due. */
  readonly #starts: Float64Array<ArrayBuffer>;
  readonly #durations: Float32Array<ArrayBuffer>;
  readonly #datagram = new Uint8Array(1300);
  readonly #fields: RtpPacketFields;
  readonly #random: RandomSource = seededRandom(32);
  #quanta = 0;
  #quantumFrames = 0;

  constructor(options: { readonly processorOptions: ReceiveLoadOptions }) {
    super();
    this.#options = options.processorOptions;
    const { core, peers, payloads, frameSamples, maxQuanta } = this.#options;
    const codec = CodecModule.instantiate(core);
    this.#mixer = new Mixer({ ...defaultSettings.output, isDeafened: false }, MAX_FRAMES);
    this.#sent = new Float64Array(peers);
    this.#dueAt = new Float64Array(peers);
    this.#starts = new Float64Array(peers);
    this.#durations = new Float32Array(maxQuanta);
    for (let peer = 0; peer < peers; peer++) {
      const stream = new ReceiveStream({ codec, channels: 1, settings: defaultSettings.jitterBuffer });
      this.#streams.push(stream);
      this.#mixer.addStream(peer, stream, DEFAULT_STREAM_MIX);
      const first = Math.floor(this.#random() * payloads.length);
      const due = this.#random() * frameSamples;
      this.#sent[peer] = first;
      this.#dueAt[peer] = due;
      this.#starts[peer] = due - first * frameSamples;
    }
    this.#fields = {
      marker: false,
      payloadType: OPUS_PAYLOAD_TYPE,
      sequenceNumber: 0,
      timestamp: 0,
      ssrc: 0,
      audioLevel: 30,
      voiceActivity: true,
      captureTimeMs: 0,
      heldBackSamples: 0,
      isPause: false,
      payload: this.#datagram,
      payloadOffset: 0,
      payloadLength: 0,
    };
    this.port.onmessage = () => this.#send();
  }

  process(_inputs: readonly (readonly Float32Array[])[], outputs: readonly (readonly Float32Array[])[]): boolean {
    const left = outputs[0]?.[0];
    const right = outputs[0]?.[1];
    if (left === undefined || right === undefined) return true;
    const { clock, warmUpQuanta, maxQuanta } = this.#options;
    const frames = left.length;
    this.#quantumFrames = frames;
    const start = clock[0] ?? 0;
    for (let peer = 0; peer < this.#streams.length; peer++) this.#deliver(peer);
    this.#mixer.process(left, right, 0, frames);
    const spent = (clock[0] ?? 0) - start;
    const measured = this.#quanta - warmUpQuanta;
    if (measured >= 0 && measured < maxQuanta) this.#durations[measured] = spent;
    this.#quanta++;
    return true;
  }

  /** Inserts the packets of a sender that are due by now. */
  #deliver(peer: number): void {
    const { payloads, frameSamples, jitterSamples, lostShare } = this.#options;
    const { now } = this.#mixer;
    while ((this.#dueAt[peer] ?? 0) <= now) {
      const index = this.#sent[peer] ?? 0;
      const payload = payloads[index % payloads.length];
      const fields = this.#fields;
      if (payload !== undefined && this.#random() >= lostShare) {
        fields.sequenceNumber = index & 0xffff;
        fields.timestamp = (index * frameSamples) % 0x1_0000_0000;
        fields.ssrc = peer + 1;
        fields.payload = payload;
        fields.payloadLength = payload.length;
        this.#streams[peer]?.insert(this.#datagram, writeRtpPacket(this.#datagram, fields), now);
      }
      this.#sent[peer] = index + 1;
      const regular = (index + 1) * frameSamples;
      // The jitter of successive packets is independent; a packet never comes before the one it follows.
      const jitter = (2 * this.#random() - 1) * jitterSamples;
      this.#dueAt[peer] = Math.max(this.#dueAt[peer] ?? 0, (this.#starts[peer] ?? 0) + regular + jitter);
    }
  }

  #send(): void {
    const count = Math.max(0, Math.min(this.#options.maxQuanta, this.#quanta - this.#options.warmUpQuanta));
    let concealedSamples = 0;
    let totalSamples = 0;
    for (const { statistics } of this.#streams) {
      concealedSamples += statistics.concealedSamples;
      totalSamples += statistics.totalSamplesReceived;
    }
    const result: ReceiveLoadResult = {
      durations: this.#durations.slice(0, count),
      quantumFrames: this.#quantumFrames,
      sampleRate,
      concealedSamples,
      totalSamples,
    };
    this.port.postMessage(result, [result.durations.buffer]);
  }
}

registerProcessor(RECEIVE_LOAD, ReceiveLoadProcessor);
