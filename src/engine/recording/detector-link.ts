import { openPacketWriter } from "../shared-memory/open-packet-pipe.ts";
import type { PacketPipeEnd } from "../shared-memory/packet-pipe.ts";
import { AudioBlockWriter } from "../threading/audio-block-writer.ts";
import type { VoiceProbabilityMessage } from "../threading/vad-messages.ts";

/**
 * A recording's way to the accurate voice detector and back: its samples go to the vad worker, the verdicts come from there,
 * some 50 ms later. Lives in the recording worker.
 */
export class DetectorLink {
  readonly #writer: AudioBlockWriter;
  readonly #verdicts: MessagePort;

  /** `onVerdict` takes the probability of each 32 ms, 0…1, in order. */
  constructor(blocks: PacketPipeEnd, verdicts: MessagePort, onVerdict: (probability: number) => void) {
    this.#writer = new AudioBlockWriter(openPacketWriter(blocks));
    this.#verdicts = verdicts;
    verdicts.onmessage = ({ data }: MessageEvent<VoiceProbabilityMessage>) => onVerdict(data.probability);
  }

  /** Sends samples at 48 kHz from `position` on. */
  write(position: number, left: Float32Array, right: Float32Array): void {
    this.#writer.write(left, right, 0, left.length, position);
  }

  /** No verdict comes any more. Idempotent. */
  close(): void {
    this.#verdicts.onmessage = null;
    this.#verdicts.close();
    this.#writer.close();
  }
}
