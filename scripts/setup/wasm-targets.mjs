import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * What is compiled into each module and how: this file is the build description. wasm/README.md says why.
 *
 * @typedef {{ readonly path: string, readonly flags: readonly string[], readonly origin: string }} Unit one C file;
 *   `origin` stands for everything else its object depends on
 * @typedef {{ readonly name: string, readonly units: readonly Unit[], readonly linkFlags: readonly string[] }} Target
 * @typedef {{ readonly opus: string, readonly speexdsp: string }} SourceFolders
 */

/** Without -ffp-contract=off emcc 3.1.6 miscompiles DRED, silently. */
const COMMON_FLAGS = [
  "-O3",
  "-msimd128",
  "-mbulk-memory",
  "-msse4.1",
  "-ffp-contract=off",
  "-fno-math-errno",
  "-mnontrapping-fptoint",
  "-DNDEBUG",
  "-Wno-everything",
];

/** SILK computes in integers: where clang vectorises by itself, it multiplies lanes of 64 bits, which x86 has no instruction for. */
const SILK_FLAGS = ["-fno-vectorize", "-fno-slp-vectorize"];

/** How libopus is configured, whatever compiles it. */
export const OPUS_DEFINES = [
  "-DOPUS_BUILD",
  "-DVAR_ARRAYS",
  "-DHAVE_LRINT",
  "-DHAVE_LRINTF",
  "-DENABLE_HARDENING",
  "-DOVERRIDE_celt_fatal",
  '-DPACKAGE_VERSION="1.6.1"',
  "-DOPUS_X86_MAY_HAVE_SSE",
  "-DOPUS_X86_PRESUME_SSE",
  "-DOPUS_X86_MAY_HAVE_SSE2",
  "-DOPUS_X86_PRESUME_SSE2",
  "-DOPUS_X86_MAY_HAVE_SSE4_1",
  "-DOPUS_X86_PRESUME_SSE4_1",
];

const NEURAL_DEFINES = ["-DENABLE_DEEP_PLC", "-DENABLE_DRED"];

/** The quantiser that holds its decisions in one vector, made of WebAssembly SIMD by wasm/avx2, and the file that calls it. */
const VECTOR_QUANTISER = "silk/x86/NSQ_del_dec_avx2.c";
const QUANTISER_CALLER = "silk/float/wrappers_FLP.c";

/** Source lists of the *_sources.mk files, for any compiler with SSE 4.1. Run-time CPU detection and multistream have no use here. */
export const OPUS_LISTS = {
  "opus_sources.mk": ["OPUS_SOURCES", "OPUS_SOURCES_FLOAT"],
  "celt_sources.mk": ["CELT_SOURCES", "CELT_SOURCES_SSE", "CELT_SOURCES_SSE2", "CELT_SOURCES_SSE4_1"],
  "silk_sources.mk": ["SILK_SOURCES", "SILK_SOURCES_FLOAT", "SILK_SOURCES_SSE4_1"],
};

const NEURAL_LISTS = {
  "lpcnet_sources.mk": ["DEEP_PLC_SOURCES", "DRED_SOURCES", "DNN_SOURCES_SSE2", "DNN_SOURCES_SSE4_1"],
};

const UNUSED = /multistream|projection|mapping_matrix/;

const SPEEX_FILES = ["resample.c", "preprocess.c", "filterbank.c", "fftwrap.c", "smallft.c"];

/** Fixed heaps, in bytes. The figures behind them are in wasm/README.md. */
const HEAP_BYTES = { core: 8 * 2 ** 20, neural: 16 * 2 ** 20 };

const STACK_BYTES = 512 * 2 ** 10;

/**
 * @param {string} root the repository
 * @param {SourceFolders} sources
 * @param {"core" | "neural"} name
 * @returns {Promise<Target>}
 */
export async function describeTarget(root, sources, name) {
  const isNeural = name === "neural";
  const fastInt64 = ["-include", join(root, "wasm/core/include/opus-fast-int64.h")];
  const opusFlags = [...COMMON_FLAGS, ...OPUS_DEFINES, ...(isNeural ? NEURAL_DEFINES : []), ...fastInt64];
  const opusIncludes = ["include", "celt", "silk", "silk/float", "dnn", "."].map(
    (folder) => `-I${join(sources.opus, folder)}`,
  );
  const speexIncludes = [`-I${join(root, "wasm/core/include")}`, `-I${join(sources.speexdsp, "include")}`];
  const configuration = join(root, "wasm/core/include/speexdsp-configuration.h");
  const glueOrigin = await readGlueHeaders(root);
  /** @type {Unit[]} */
  const units = [];
  const lists = isNeural ? { ...OPUS_LISTS, ...NEURAL_LISTS } : OPUS_LISTS;
  for (const path of [...(await opusFiles(sources.opus, lists)), VECTOR_QUANTISER]) {
    units.push({
      path: join(sources.opus, path),
      flags: [...opusFlags, ...flagsOf(root, path), ...opusIncludes],
      origin: sources.opus + glueOrigin,
    });
  }
  for (const file of SPEEX_FILES) {
    const flags = [...COMMON_FLAGS, ...speexIncludes, "-include", configuration];
    units.push({ path: join(sources.speexdsp, "libspeexdsp", file), flags, origin: sources.speexdsp + glueOrigin });
  }
  for (const folder of isNeural ? ["core", "neural"] : ["core"]) {
    for (const path of await glueFiles(join(root, "wasm", folder))) {
      const flags = [
        ...COMMON_FLAGS,
        ...(isNeural ? NEURAL_DEFINES : []),
        ...speexIncludes,
        `-I${join(sources.opus, "include")}`,
      ];
      const own = ["core", "neural"].map((folder) => `-I${join(root, "wasm", folder)}`);
      units.push({ path, flags: [...flags, ...own], origin: glueOrigin });
    }
  }
  return { name, units, linkFlags: linkFlags(HEAP_BYTES[name]) };
}

/**
 * What one file of libopus is compiled with beside the flags of all.
 *
 * @param {string} root
 * @param {string} path below libopus' folder
 * @returns {readonly string[]}
 */
function flagsOf(root, path) {
  const flags = path.startsWith("silk/") ? [...SILK_FLAGS] : [];
  if (path === VECTOR_QUANTISER) flags.push(`-I${join(root, "wasm/avx2")}`);
  if (path === QUANTISER_CALLER) flags.push("-DOPUS_X86_PRESUME_AVX2");
  return flags;
}

/**
 * @param {number} heapBytes
 * @returns {readonly string[]}
 */
function linkFlags(heapBytes) {
  return [
    "-O3",
    "--no-entry",
    "-sSTANDALONE_WASM=1",
    "-sMALLOC=emmalloc",
    "-sFILESYSTEM=0",
    `-sINITIAL_MEMORY=${heapBytes}`,
    `-sTOTAL_STACK=${STACK_BYTES}`,
    "-sALLOW_MEMORY_GROWTH=0",
    "-mnontrapping-fptoint",
    "-msimd128",
    "-mbulk-memory",
  ];
}

/**
 * Reads the C files of libopus that the lists name, as paths below its folder.
 *
 * @param {string} folder
 * @param {Readonly<Record<string, readonly string[]>>} lists
 * @returns {Promise<readonly string[]>}
 */
export async function opusFiles(folder, lists) {
  /** @type {string[]} */
  const files = [];
  for (const [makefile, names] of Object.entries(lists)) {
    const text = (await readFile(join(folder, makefile), "utf8")).replaceAll("\\\n", " ");
    for (const name of names) {
      const line = text.split("\n").find((candidate) => candidate.split("=")[0]?.trim() === name);
      if (line === undefined) throw new Error(`${makefile} has no list ${name}`);
      const paths = (line.split("=")[1] ?? "").trim().split(/\s+/);
      files.push(...paths.filter((path) => !UNUSED.test(path)));
    }
  }
  return files;
}

/**
 * @param {string} folder
 * @returns {Promise<readonly string[]>}
 */
async function glueFiles(folder) {
  const names = await readdir(folder);
  return names.filter((name) => name.endsWith(".c")).map((name) => join(folder, name));
}

/**
 * Everything our own objects depend on besides their own file.
 *
 * @param {string} root
 * @returns {Promise<string>}
 */
async function readGlueHeaders(root) {
  const headers = ["avx2", "core", "core/include", "neural"].map((folder) => join(root, "wasm", folder));
  /** @type {string[]} */
  const contents = [];
  for (const folder of headers) {
    for (const name of (await readdir(folder)).filter((file) => file.endsWith(".h")).sort()) {
      contents.push(await readFile(join(folder, name), "utf8"));
    }
  }
  return contents.join("\0");
}
