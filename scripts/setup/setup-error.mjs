/**
 * A step of the set-up that cannot go on. The message is meant for the person who ran it: what was attempted,
 * why it failed, what to do.
 */
export class SetupError extends Error {
  /**
   * @param {string} message
   * @param {{ cause?: unknown }} [options]
   */
  constructor(message, options) {
    super(message, options);
    this.name = "SetupError";
  }
}
