/** Lets real audio run for a while: in-browser tests have no virtual clock. */
export function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
