import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { LatencyRun } from "../../../engine/index.ts";

interface Schema extends DBSchema {
  runs: { key: string; value: LatencyRun };
}

/** Runs that are kept; the oldest go first. */
const MAX_RUNS = 40;

/** The runs of this browser, in IndexedDB, by the time they were started. */
export class LatencyRunStore {
  #database: Promise<IDBPDatabase<Schema>> | undefined;

  /** Every run, the newest first. Rejects with DOMException where storage is blocked. */
  async list(): Promise<readonly LatencyRun[]> {
    const runs = await (await this.#open()).getAll("runs");
    return runs.reverse();
  }

  /** Keeps a run; one with the same start is replaced. */
  async add(run: LatencyRun): Promise<void> {
    const database = await this.#open();
    await database.put("runs", run);
    const keys = await database.getAllKeys("runs");
    for (const key of keys.slice(0, Math.max(0, keys.length - MAX_RUNS))) await database.delete("runs", key);
  }

  /** Forgets a run. */
  async remove(startedAt: string): Promise<void> {
    await (await this.#open()).delete("runs", startedAt);
  }

  #open(): Promise<IDBPDatabase<Schema>> {
    this.#database ??= openDB<Schema>("antiphon-benchmark", 1, {
      upgrade(database) {
        database.createObjectStore("runs", { keyPath: "startedAt" });
      },
    });
    return this.#database;
  }
}
