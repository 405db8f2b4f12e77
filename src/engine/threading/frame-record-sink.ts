import type { CapturedFrame, FrameSink } from "../capture/frame-sink.ts";
import {
  FRAME_RECORD_HEADER_BYTES,
  FRAME_RECORD_MAX_BYTES,
  FrameRecordView,
  writeFrameRecordHeader,
} from "../shared-memory/frame-record.ts";
import type { PacketWriter } from "../shared-memory/packet-pipe.ts";

/** Puts the capture chain's frames into the pipe to the network thread. Does not allocate per frame on shared memory. */
export class FrameRecordSink implements FrameSink {
  readonly #writer: PacketWriter;
  readonly #firstTimestamp: number;
  readonly #record = new Uint8Array(FRAME_RECORD_MAX_BYTES);
  readonly #header = new FrameRecordView();
  /** Samples of past audio that the encoder adds to every frame at most (DRED); set by the host. */
  dredSamples = 0;

  /** `firstTimestamp`: RTP timestamp of the chain's position 0. */
  constructor(writer: PacketWriter, firstTimestamp: number) {
    this.#writer = writer;
    this.#firstTimestamp = firstTimestamp;
  }

  frame(payload: Uint8Array, length: number, frame: Readonly<CapturedFrame>): void {
    const header = this.#header;
    header.rtpTimestamp = (frame.rtpTimestamp + this.#firstTimestamp) >>> 0;
    header.frameSamples = frame.frameSamples;
    header.isTalkspurtStart = frame.isTalkspurtStart;
    header.hasVoiceActivity = frame.hasVoiceActivity;
    header.isDtx = frame.isDtx;
    header.isPause = frame.isPause;
    header.audioLevel = frame.audioLevel;
    header.heldBackSamples = frame.heldBackSamples;
    header.dredSamples = frame.isDtx ? 0 : this.dredSamples;
    const record = this.#record;
    writeFrameRecordHeader(record, header);
    for (let i = 0; i < length; i++) record[FRAME_RECORD_HEADER_BYTES + i] = payload[i] as number;
    this.#writer.write(record, FRAME_RECORD_HEADER_BYTES + length);
  }
}
