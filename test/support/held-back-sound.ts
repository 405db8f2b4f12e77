/**
 * Script for a page in which nothing plays before a click, as in a browser that asks for one. The real rule takes what drives the
 * page for a click.
 */
export const HELD_BACK_SOUND = `
  globalThis.AudioContext = class extends AudioContext {
    constructor(options) {
      super(options);
      void super.suspend();
    }
    resume() {
      return new Promise((resolve) => addEventListener("click", () => resolve(super.resume())));
    }
  };
`;
