import { writeFileSync } from "node:fs";
import type { OfflineCapture } from "../src/engine/capture/offline-capture.ts";
import { OggOpusWriter } from "../src/engine/recording/ogg-opus-writer.ts";

/**
 * Writes the packets of an offline run as an Ogg Opus file that plays in line with the input and exactly as long: pre-skip takes
 * off the delay of processing and encoder.
 * @throws the file system's error.
 */
export async function writeOggFile(path: string, capture: OfflineCapture, channels: 1 | 2): Promise<void> {
  const pages: Uint8Array[] = [];
  const preSkip = capture.signalDelaySamples + capture.lookaheadSamples;
  const writer = await OggOpusWriter.open({
    head: { channels, preSkip, inputRate: 48_000 },
    onPage: (page) => pages.push(page),
  });
  let samples = 0;
  for (const { payload, frameSamples } of capture.packets) {
    await writer.add(payload, frameSamples);
    samples += frameSamples;
  }
  await writer.finish(Math.min(capture.inputSamples, samples - preSkip));
  writeFileSync(path, Buffer.concat(pages));
}
