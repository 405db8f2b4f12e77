import type { PacketReader } from "./packet-pipe.ts";
import { PortPacketReader } from "./port-packet-pipe.ts";
import { READER_WAITS, SharedPacketReader, WRITE_CURSOR } from "./shared-packet-ring.ts";

/** Between looks into a ring where the browser has no Atomics.waitAsync, ms. Half the shortest audio quantum burst. */
const POLL_INTERVAL_MS = 2;

/**
 * Calls `onData` whenever records may be waiting in `reader`, from the event loop of the calling thread, until the
 * returned function is called. `onData` should read until empty: what it leaves waits for the next record. For workers and
 * the main thread; audio threads read in every quantum instead.
 */
export function watchPackets(reader: PacketReader, onData: () => void): () => void {
  if (reader instanceof PortPacketReader) {
    reader.onData(onData);
    return () => reader.onData(undefined);
  }
  if (!(reader instanceof SharedPacketReader)) {
    throw new TypeError("Only readers made by openPacketReader can be watched");
  }
  return typeof Atomics.waitAsync === "function" ? sleepOnCursor(reader, onData) : poll(onData);
}

function sleepOnCursor(reader: SharedPacketReader, onData: () => void): () => void {
  const { words } = reader;
  let isStopped = false;
  const sleep = async (): Promise<void> => {
    Atomics.store(words, READER_WAITS, 1);
    // What was written before is new, too. Afterwards only a write wakes: data left in the ring would do so without end.
    let seen = reader.cursor;
    while (!isStopped) {
      const { async, value } = Atomics.waitAsync(words, WRITE_CURSOR, seen);
      if (async) {
        await value;
      }
      seen = Atomics.load(words, WRITE_CURSOR);
      if (!isStopped) {
        onData();
      }
    }
  };
  void sleep();
  return () => {
    isStopped = true;
    Atomics.store(words, READER_WAITS, 0);
    Atomics.notify(words, WRITE_CURSOR);
  };
}

function poll(onData: () => void): () => void {
  const timer = setInterval(onData, POLL_INTERVAL_MS);
  return () => clearInterval(timer);
}
