import { readOptions } from "./read-options.ts";

/** What the replay tool is asked to do. */
export type ReplayOptions = {
  readonly input: string | undefined;
  readonly output: string;
  readonly trace: string;
  /** Frame length, ms; by default the trace's. */
  readonly frameMs: number | undefined;
  readonly bitrate: number;
  readonly hasFec: boolean;
  /** Older frames repeated in every packet (RFC 2198), 0…3. */
  readonly redundancy: number;
  /** Deep redundancy, frames of 10 ms. */
  readonly dredFrames: number;
  readonly isNeural: boolean;
  /** Fixed delay in ms, or undefined for an automatic one. */
  readonly jitterMs: number | undefined;
  readonly preference: number;
  readonly isJson: boolean;
};

/** How to call it. */
export const REPLAY_USAGE = `Usage: npm run replay -- in.wav out.wav --trace trace.json [options]
       npm run replay -- out.wav --trace recorded.json [options]      (a trace with payloads needs no recording)

  --frame MS         frame length: 2.5, 5, 10, 20, 40 or 60; default: the trace's
  --bitrate N        bit/s; default 32000
  --fec              in-band FEC, for 10 % expected loss
  --red N            N older frames in every packet, 0…3; default 0
  --dred FRAMES      deep redundancy in frames of 10 ms, 0…100; default 0
  --neural on|off    conceal with the neural module; default off
  --jitter auto|MS   jitter buffer; default auto
  --preference P     0 quick … 1 safe; default 0.5
  --json             print one JSON document
`;

/** Reads the command line. @throws RangeError that says what is wrong */
export function readReplayOptions(args: readonly string[]): ReplayOptions {
  const at = args.findIndex((argument) => argument.startsWith("--"));
  const files = at < 0 ? args : args.slice(0, at);
  const values = readOptions(at < 0 ? [] : args.slice(at));
  const trace = values.get("trace");
  const output = files.at(-1);
  if (trace === undefined || output === undefined || files.length > 2) {
    throw new RangeError(`Cannot replay without a trace and a file to write\n\n${REPLAY_USAGE}`);
  }
  const jitter = values.get("jitter") ?? "auto";
  const frame = values.get("frame");
  return {
    input: files.length === 2 ? files[0] : undefined,
    output,
    trace,
    frameMs: frame === undefined ? undefined : oneOf("frame", Number(frame), [2.5, 5, 10, 20, 40, 60]),
    bitrate: within("bitrate", values.get("bitrate") ?? "32000", 6_000, 510_000),
    hasFec: isOn("fec", values.get("fec") ?? "off"),
    redundancy: within("red", values.get("red") ?? "0", 0, 3),
    dredFrames: within("dred", values.get("dred") ?? "0", 0, 100),
    isNeural: isOn("neural", values.get("neural") ?? "off"),
    jitterMs: jitter === "auto" ? undefined : within("jitter", jitter, 0, 500),
    preference: within("preference", values.get("preference") ?? "0.5", 0, 1),
    isJson: values.has("json"),
  };
}

function within(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (value >= min && value <= max) return value;
  throw new RangeError(`Cannot use --${name} ${text}: expected a number between ${min} and ${max}`);
}

function oneOf(name: string, value: number, allowed: readonly number[]): number {
  if (allowed.includes(value)) return value;
  throw new RangeError(`Cannot use --${name} ${value}: expected one of ${allowed.join(", ")}`);
}

function isOn(name: string, text: string): boolean {
  if (text === "on" || text === "true") return true;
  if (text === "off" || text === "false") return false;
  throw new RangeError(`Cannot use --${name} ${text}: expected on or off`);
}
