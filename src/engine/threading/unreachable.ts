/**
 * For the default branch of a switch over a union: does not compile while a member of the union has no case. Throws
 * TypeError when a message of another version of the program arrives all the same.
 */
export function unreachable(message: never): never {
  throw new TypeError(`Unknown message: ${JSON.stringify(message)}`);
}
