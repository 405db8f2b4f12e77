import { MATROSKA, WEBM } from "mediabunny";
import { demuxOpus, type OpusRecording } from "./demux-opus.ts";
import { readOggOpus } from "./ogg-opus-reader.ts";

/** First four bytes of every WebM and Matroska file: the EBML header's id. */
const EBML = 0x1a45dfa3;

/**
 * Takes an Opus recording out of an Ogg, WebM or Matroska file.
 *
 * @throws {VoiceError} `unsupported` when it is not Opus with one or two channels in such a file
 */
export function readOpusRecording(file: Uint8Array<ArrayBuffer>): Promise<OpusRecording> {
  const isEbml = file.length >= 4 && new DataView(file.buffer, file.byteOffset).getUint32(0) === EBML;
  return isEbml ? demuxOpus(file, [WEBM, MATROSKA]) : readOggOpus(file);
}
