/**
 * Reports steps and how long each took: one line a step in a log, a line that counts up on a terminal.
 */
export class Progress {
  #stream;
  #isTerminal;

  /** @param {NodeJS.WriteStream | { write(text: string): unknown, isTTY?: boolean }} [stream] */
  constructor(stream = process.stderr) {
    this.#stream = stream;
    this.#isTerminal = stream.isTTY === true;
  }

  /**
   * Runs one step. `report` changes what is shown beside the running step, on a terminal only.
   *
   * @template T
   * @param {string} title
   * @param {(report: (detail: string) => void) => Promise<T>} work
   * @returns {Promise<T>}
   */
  async step(title, work) {
    const start = performance.now();
    const elapsed = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
    let detail = "";
    const show = () => this.#stream.write(`\r\x1b[K… ${title}${detail === "" ? "" : ` (${detail})`} ${elapsed()}`);
    if (!this.#isTerminal) this.#stream.write(`… ${title}\n`);
    const timer = this.#isTerminal ? setInterval(show, 200) : undefined;
    try {
      const result = await work((text) => {
        detail = text;
      });
      this.#finish(`✓ ${title} ${elapsed()}`);
      return result;
    } catch (error) {
      this.#finish(`✗ ${title} ${elapsed()}`);
      throw error;
    } finally {
      clearInterval(timer);
    }
  }

  /** @param {string} text */
  note(text) {
    this.#stream.write(`${text}\n`);
  }

  /** @param {string} line */
  #finish(line) {
    this.#stream.write(`${this.#isTerminal ? "\r\x1b[K" : ""}${line}\n`);
  }
}
