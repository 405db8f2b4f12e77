import { OGG } from "mediabunny";
import { demuxOpus, type OpusRecording } from "./demux-opus.ts";

/**
 * Takes an Ogg Opus file apart. A file that breaks off (a draft after a crash) gives the packets of its complete
 * pages.
 *
 * @throws {VoiceError} `unsupported` when it is no Ogg Opus file with one or two channels
 */
export function readOggOpus(file: Uint8Array<ArrayBuffer>): Promise<OpusRecording> {
  return demuxOpus(completePages(file), [OGG]);
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
