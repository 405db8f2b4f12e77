import {
  EncodedAudioPacketSource,
  EncodedPacket,
  type MetadataTags,
  NullTarget,
  OggOutputFormat,
  Output,
} from "mediabunny";
import { type OpusHead, writeOpusHead } from "./opus-head.ts";

/** How an {@link OggOpusWriter} is opened. */
export type OggOpusWriterOptions = {
  readonly head: OpusHead;
  /** Title, artist, date and the like, written as Vorbis comments. */
  readonly tags?: MetadataTags;
  /** Longest page in seconds: what a crash can lose of a file that is written as it grows. Default 1, less for short packets. */
  readonly pageSeconds?: number;
  /** The shortest packet that will be added, in samples at 48 kHz. Default 120, the shortest there is. */
  readonly shortestPacket?: number;
  /** Called in order with every page as it completes; the bytes are the callee's to keep. */
  readonly onPage: (page: Uint8Array) => void;
};

const RATE = 48_000;
const SHORTEST_PACKET = 120;

/**
 * Most packets on a page. A page has room for 255 segments of up to 255 bytes, and is written when it holds 8 KiB, so that 200
 * packets leave room enough. It must never fill up: mediabunny 1.61 leaves the packet that takes the last segment out of the
 * page's granule position, and players refuse a first page that claims less than it holds.
 */
const MOST_PACKETS = 200;

/**
 * Writes Opus packets into an Ogg stream page by page, with the granule positions of RFC 7845: what is decoded has
 * exactly the length given to `finish`. Window or worker thread, and Node.
 */
export class OggOpusWriter {
  readonly #output: Output;
  readonly #source: EncodedAudioPacketSource;
  readonly #head: OpusHead;
  #pending: { readonly packet: Uint8Array; readonly frameSamples: number } | undefined;
  #writtenSamples = 0;
  #isFirst = true;

  private constructor(output: Output, source: EncodedAudioPacketSource, head: OpusHead) {
    this.#output = output;
    this.#source = source;
    this.#head = head;
  }

  /** Opens a writer; the header pages come with the first packets. */
  static async open(options: OggOpusWriterOptions): Promise<OggOpusWriter> {
    const { head, tags, pageSeconds = 1, shortestPacket = SHORTEST_PACKET, onPage } = options;
    const maximumPageDuration = Math.min(pageSeconds, (MOST_PACKETS * shortestPacket) / RATE);
    const format = new OggOutputFormat({ maximumPageDuration, onPage: (page) => onPage(page.slice()) });
    const output = new Output({ format, target: new NullTarget() });
    const source = new EncodedAudioPacketSource("opus");
    output.addAudioTrack(source);
    if (tags !== undefined) output.setMetadataTags(tags);
    await output.start();
    return new OggOpusWriter(output, source, head);
  }

  /** Appends one packet of `frameSamples` samples at 48 kHz. Keeps a copy. Calls may overlap; they keep their order. */
  async add(packet: Uint8Array, frameSamples: number): Promise<void> {
    const previous = this.#pending;
    this.#pending = { packet: packet.slice(), frameSamples };
    if (previous !== undefined) await this.#write(previous.packet, previous.frameSamples, previous.frameSamples);
  }

  /**
   * Ends the stream so that a player hears `totalSamples` samples at 48 kHz per channel: the padding that the last
   * packet decodes to beyond that is trimmed by the final granule position.
   *
   * @throws {RangeError} when the packets hold fewer samples than that, or end more than a packet later
   */
  async finish(totalSamples: number): Promise<void> {
    const last = this.#pending;
    this.#pending = undefined;
    if (last !== undefined) {
      const keep = totalSamples + this.#head.preSkip - this.#writtenSamples;
      if (keep < 0 || keep > last.frameSamples) {
        throw new RangeError(
          `Cannot end an Ogg Opus stream at ${totalSamples} samples: the last packet would keep ${keep} of ${last.frameSamples}`,
        );
      }
      // A packet of which nothing is heard is left out: not every player trims a whole packet.
      if (keep > 0) await this.#write(last.packet, last.frameSamples, keep);
    }
    await this.#output.finalize();
  }

  async #write(packet: Uint8Array, frameSamples: number, keptSamples: number): Promise<void> {
    const timestamp = this.#writtenSamples / RATE;
    this.#writtenSamples += frameSamples;
    const encoded = new EncodedPacket(packet, "key", timestamp, keptSamples / RATE);
    if (!this.#isFirst) {
      await this.#source.add(encoded);
      return;
    }
    this.#isFirst = false;
    const { channels } = this.#head;
    await this.#source.add(encoded, {
      decoderConfig: {
        codec: "opus",
        numberOfChannels: channels,
        sampleRate: RATE,
        description: writeOpusHead(this.#head),
      },
    });
  }
}
