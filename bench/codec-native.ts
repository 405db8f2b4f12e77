import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { hashStrings } from "../scripts/setup/content-hash.mjs";
import { compileObjects } from "../scripts/setup/object-cache.mjs";
import { isRunnable, runCommand } from "../scripts/setup/run-command.mjs";
import { provideSource, readPinnedSources } from "../scripts/setup/source-archives.mjs";
import { OPUS_DEFINES, OPUS_LISTS, opusFiles } from "../scripts/setup/wasm-targets.mjs";
import type { CodecSetting, CodecSubject } from "./codec-subject.ts";
import type { CallTimes } from "./codec-timing.ts";

const run = promisify(execFile);

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** What the WebAssembly build has, with the instruction set that its SIMD stands for. */
const FLAGS = ["-O3", "-msse4.1", "-fno-math-errno", "-DNDEBUG", "-w"];

/** The setting that the decoding rows encode with inside the program. */
const DECODED: CodecSetting = { complexity: 9, fec: false, bitrate: 32_000 };

/** A native codec and its clean-up. */
export type NativeCodec = { readonly subject: CodecSubject; readonly compiler: string; close(): Promise<void> };

/**
 * Builds native libopus from the same pinned source with gcc, cached by what went into it.
 *
 * @param pcm the signal of all rows, 48 kHz mono
 * @returns undefined where there is no C compiler or the machine has no SSE 4.1
 */
export async function openNativeCodec(
  pcm: Float32Array,
  progress: (message: string) => void,
): Promise<NativeCodec | undefined> {
  const compiler = process.env["CC"] ?? "gcc";
  if (process.arch !== "x64" || !(await isRunnable(compiler))) return undefined;
  const program = await build(compiler, progress);
  const folder = await mkdtemp(join(tmpdir(), "antiphon-codec-bench-"));
  const input = join(folder, "input.f32");
  await writeFile(input, new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength));
  const time = async (operation: string, { complexity, fec, bitrate }: CodecSetting): Promise<CallTimes> => {
    const { stdout } = await run(program, [operation, String(complexity), fec ? "1" : "0", String(bitrate), input]);
    return stdout.trim().split("\n").map(Number);
  };
  return {
    compiler: (await runCommand(compiler, ["--version"])).split("\n")[0] ?? compiler,
    subject: {
      name: "native",
      encode: (_, setting) => time("encode", setting),
      decode: () => time("decode", DECODED),
      conceal: () => time("conceal", DECODED),
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

async function build(compiler: string, progress: (message: string) => void): Promise<string> {
  const cache = join(ROOT, ".cache");
  const pinned = (await readPinnedSources(ROOT))["opus"];
  if (pinned === undefined) throw new Error("wasm/sources.json must name opus");
  const opus = await provideSource(pinned, cache, progress);
  const compilerVersion = await runCommand(compiler, ["--version"]);
  const main = join(ROOT, "bench/native-opus.c");
  const flags = [
    ...FLAGS,
    ...OPUS_DEFINES,
    ...["include", "celt", "silk", "silk/float", "."].map((name) => `-I${join(opus, name)}`),
  ];
  const units = [...(await opusFiles(opus, OPUS_LISTS)).map((path) => join(opus, path)), main].map((path) => ({
    path,
    flags,
    origin: opus,
  }));
  progress("building native libopus where it is not there yet");
  const objects = await compileObjects(units, { compiler, compilerVersion, cache: join(cache, "objects") }, progress);
  const program = join(cache, `native-opus-${hashStrings([...objects, await readFile(main, "utf8")]).slice(0, 16)}`);
  if (!(await isRunnable(program))) {
    await mkdir(cache, { recursive: true });
    await runCommand(compiler, ["-O3", ...objects, "-lm", "-o", program]);
  }
  return program;
}
