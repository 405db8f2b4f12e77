import { BufferSource, EncodedPacketSink, Input, OGG } from "mediabunny";
import { opusPacketSamples } from "../codec/packet-inspection.ts";
import { VoiceError } from "../voice-error.ts";
import { type OpusHead, readOpusHead } from "./opus-head.ts";

/** An Ogg Opus file taken apart. */
export type OggOpusRecording = {
  readonly head: OpusHead;
  readonly packets: readonly Uint8Array[];
  /** Samples at 48 kHz per channel that a player hears: without the pre-skip and the trimmed end. */
  readonly totalSamples: number;
};

const RATE = 48_000;

/**
 * Takes an Ogg Opus file apart. A file that breaks off (a draft after a crash) gives the packets of its complete
 * pages.
 *
 * @throws {VoiceError} `unsupported` when it is no Ogg Opus file with one or two channels
 */
export async function readOggOpus(file: Uint8Array<ArrayBuffer>): Promise<OggOpusRecording> {
  try {
    using input = new Input({ source: new BufferSource(completePages(file)), formats: [OGG] });
    const track = await input.getPrimaryAudioTrack();
    const config = await track?.getDecoderConfig();
    const head = config?.description === undefined ? undefined : readOpusHead(asBytes(config.description));
    if (track === null || track === undefined || head === undefined) throw unsupported();
    const packets: Uint8Array[] = [];
    let decodedSamples = 0;
    let heardSamples = 0;
    for await (const packet of new EncodedPacketSink(track).packets()) {
      const samples = opusPacketSamples(packet.data, 0, packet.data.length);
      if (samples === 0) continue;
      packets.push(packet.data);
      decodedSamples += samples;
      heardSamples = Math.round((packet.timestamp + packet.duration) * RATE);
    }
    const untrimmed = Math.max(0, decodedSamples - head.preSkip);
    return { head, packets, totalSamples: heardSamples > 0 ? Math.min(untrimmed, heardSamples) : untrimmed };
  } catch (error) {
    throw error instanceof VoiceError ? error : unsupported(error);
  }
}

/*
 * A page: "OggS", version, flags, granule position (8), serial (4), sequence (4), checksum (4), segment count, that many
 * lacing values, the segments. A lacing value of 255 at the end says that the packet goes on in the next page.
 * RFC 3533 §6.
 */
const PAGE_HEADER_BYTES = 27;
const SEGMENT_COUNT_AT = 26;
const CAPTURE_PATTERN = 0x5367674f;

/** The file up to the last page that is whole and ends with a whole packet. */
function completePages(file: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let end = 0;
  let at = 0;
  while (at + PAGE_HEADER_BYTES <= file.length && view.getUint32(at, true) === CAPTURE_PATTERN) {
    const segments = view.getUint8(at + SEGMENT_COUNT_AT);
    let size = PAGE_HEADER_BYTES + segments;
    if (at + size > file.length) break;
    for (let index = 0; index < segments; index += 1) size += view.getUint8(at + PAGE_HEADER_BYTES + index);
    const lastLacing = segments === 0 ? 0 : view.getUint8(at + PAGE_HEADER_BYTES + segments - 1);
    at += size;
    if (at > file.length) break;
    if (lastLacing < 255) end = at;
  }
  return file.subarray(0, end);
}

function asBytes(source: AllowSharedBufferSource): Uint8Array {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}

function unsupported(cause?: unknown): VoiceError {
  return new VoiceError(
    "unsupported",
    "Cannot read the recording: it is not an Ogg Opus file with one or two channels",
    {
      cause,
    },
  );
}
