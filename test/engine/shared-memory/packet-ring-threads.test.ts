import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, it } from "vitest";
import { createPacketPipe } from "../../../src/engine/shared-memory/create-packet-pipe.ts";
import { openPacketReader } from "../../../src/engine/shared-memory/open-packet-pipe.ts";
import { watchPackets } from "../../../src/engine/shared-memory/packet-watch.ts";

const RECORDS = 20_000;
const PRODUCER = new URL("../../support/packet-producer.ts", import.meta.url).href;

describe("packet pipe between two threads", () => {
  let worker: Worker | undefined;

  afterEach(async () => {
    await worker?.terminate();
  });

  it.each([{ shared: true }, { shared: false }])(
    "delivers every record intact and in order while both threads run (shared: $shared)",
    async ({ shared }) => {
      const pipe = createPacketPipe({ capacityBytes: shared ? 16_384 : 2 ** 28, shared });
      const reader = openPacketReader(pipe.reader);
      worker = new Worker(
        `import("tsx/esm/api").then(({ tsImport }) => tsImport(${JSON.stringify(PRODUCER)}, ${JSON.stringify(import.meta.url)}))`,
        {
          eval: true,
          workerData: { end: pipe.writer, records: RECORDS },
          transferList: pipe.writer.kind === "port" ? [pipe.writer.port as never] : [],
        },
      );
      const into = new Uint8Array(512);
      const words = new Uint32Array(into.buffer);
      let next = 0;
      let corrupt = 0;
      await new Promise<void>((resolve, reject) => {
        worker?.once("error", reject);
        const stop = watchPackets(reader, () => {
          for (let length = reader.read(into); length > 0; length = reader.read(into)) {
            const isWhole = words[0] === next && length === 8 + (next % 400) && into[length - 1] === (next & 0xff);
            corrupt += isWhole ? 0 : 1;
            next += 1;
          }
          if (next === RECORDS) {
            stop();
            resolve();
          }
        });
      });
      expect(corrupt).toBe(0);
      expect(reader.read(into)).toBe(0);
      reader.close();
    },
  );
});
