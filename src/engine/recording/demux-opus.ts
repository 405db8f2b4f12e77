import { BufferSource, EncodedPacketSink, Input, type InputFormat } from "mediabunny";
import { opusPacketSamples } from "../codec/packet-inspection.ts";
import { VoiceError } from "../voice-error.ts";
import { type OpusHead, readOpusHead } from "./opus-head.ts";

/** An Opus recording taken out of its container. */
export type OpusRecording = {
  readonly head: OpusHead;
  readonly packets: readonly Uint8Array[];
  /** Samples at 48 kHz per channel that a player hears: without the pre-skip and the trimmed end. */
  readonly totalSamples: number;
};

const RATE = 48_000;

/**
 * Takes the first audio track of a file apart.
 *
 * @throws {VoiceError} `unsupported` when it is not Opus with one or two channels in one of `formats`
 */
export async function demuxOpus(
  file: Uint8Array<ArrayBuffer>,
  formats: readonly InputFormat[],
): Promise<OpusRecording> {
  try {
    using input = new Input({ source: new BufferSource(file), formats: [...formats] });
    const track = await input.getPrimaryAudioTrack();
    const config = await track?.getDecoderConfig();
    const head = config?.description === undefined ? undefined : readOpusHead(asBytes(config.description));
    if (track === null || track === undefined || head === undefined) throw unsupported();
    const packets: Uint8Array[] = [];
    let decodedSamples = 0;
    let lastSamples = 0;
    let heardSamples = 0;
    for await (const packet of new EncodedPacketSink(track).packets()) {
      const samples = opusPacketSamples(packet.data, 0, packet.data.length);
      if (samples === 0) continue;
      packets.push(packet.data);
      decodedSamples += samples;
      lastSamples = samples;
      // WebM need not tell how long its last packet is.
      heardSamples = Math.round(packet.timestamp * RATE) + (Math.round(packet.duration * RATE) || samples);
    }
    // Only the last packet can be cut short: a timestamp that says otherwise belongs to a damaged file.
    const untrimmed = Math.max(0, decodedSamples - head.preSkip);
    const isPlausible = heardSamples <= untrimmed && heardSamples >= untrimmed - lastSamples;
    return { head, packets, totalSamples: isPlausible ? heardSamples : untrimmed };
  } catch (error) {
    throw error instanceof VoiceError ? error : unsupported(error);
  }
}

function asBytes(source: AllowSharedBufferSource): Uint8Array {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}

function unsupported(cause?: unknown): VoiceError {
  return new VoiceError("unsupported", "Cannot read the recording: it is not Opus with one or two channels", {
    cause,
  });
}
