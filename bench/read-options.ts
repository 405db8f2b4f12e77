/**
 * Reads `--name value`, `--name=value` and bare `--name` (its value is then `"true"`) in any order.
 * @throws RangeError for an argument that is not an option.
 */
export function readOptions(args: readonly string[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (let i = 0; i < args.length; i++) {
    const match = /^--([a-z][a-z0-9-]*)(?:=(.*))?$/.exec(args[i] ?? "");
    const name = match?.[1];
    if (name === undefined)
      throw new RangeError(`Cannot read the argument ${args[i]}: expected --name or --name value`);
    const next = args[i + 1];
    if (match?.[2] !== undefined) values.set(name, match[2]);
    else if (next !== undefined && !next.startsWith("--")) {
      values.set(name, next);
      i += 1;
    } else values.set(name, "true");
  }
  return values;
}
