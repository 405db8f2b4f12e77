/** One thing that happened: a name, and fields that are safe to keep. */
export type LogEntry = { readonly event: string; readonly [field: string]: string | number | boolean };

/** Where entries go. */
export type Log = (entry: LogEntry) => void;

/** A log of JSON lines, each with a time stamp, written by `write`. Ids and secrets are never logged in full. */
export function jsonLog(write: (line: string) => void, now: () => Date = () => new Date()): Log {
  return (entry) => write(`${JSON.stringify({ time: now().toISOString(), ...entry })}\n`);
}

/** A log that keeps nothing. */
export const silentLog: Log = () => undefined;
