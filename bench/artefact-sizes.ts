import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

/** Bytes of one artefact, as it is and as servers send it. */
export type ArtefactSize = { readonly raw: number; readonly gzip: number; readonly brotli: number };

/** Measures files of the repository at the strongest compression. */
export async function artefactSizes(
  files: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, ArtefactSize>>> {
  const sizes = await Promise.all(
    Object.entries(files).map(async ([name, path]) => {
      const bytes = await readFile(fileURLToPath(new URL(`../${path}`, import.meta.url)));
      const parameters = {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_LGWIN]: 24,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      };
      const size: ArtefactSize = {
        raw: bytes.length,
        gzip: gzipSync(bytes, { level: 9 }).length,
        brotli: brotliCompressSync(bytes, { params: parameters }).length,
      };
      return [name, size] as const;
    }),
  );
  return Object.fromEntries(sizes);
}
