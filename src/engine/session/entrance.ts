import { VoiceError } from "../voice-error.ts";

/** The wait for being let into a room: ends once, well or with an error. */
export class Entrance {
  readonly #end = new AbortController();

  /** Begins by calling `start`. Resolves when let in; rejects with VoiceError when turned away or `signal` aborts. */
  pass(start: () => void, signal: AbortSignal | undefined): Promise<void> {
    const ended = this.#end.signal;
    return new Promise((resolve, reject) => {
      const end = (): void => (ended.reason instanceof VoiceError ? reject(ended.reason) : resolve());
      const giveUp = (): void => this.end(new VoiceError("closed", "Joining the room was given up"));
      ended.addEventListener("abort", end, { once: true });
      signal?.addEventListener("abort", giveUp, { signal: ended });
      if (signal?.aborted === true) {
        giveUp();
        return;
      }
      start();
    });
  }

  /** Ends the wait: well, or with `error`. Later calls do nothing. */
  end(error?: VoiceError): void {
    this.#end.abort(error ?? "let in");
  }
}
