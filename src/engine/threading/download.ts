/** Called while files load, with the bytes so far and in all; `total` grows until every size is known. */
export type DownloadProgress = (loadedBytes: number, totalBytes: number) => void;

/**
 * Fetches files side by side, with one progress for all. Rejects with Error when one cannot be had. Where a server
 * does not say a file's size, what has come of it counts as its size.
 */
export async function download(
  urls: readonly string[],
  onProgress: DownloadProgress,
): Promise<readonly Uint8Array<ArrayBuffer>[]> {
  const loaded = urls.map(() => 0);
  const totals = urls.map(() => 0);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const fetchOne = async (url: string, index: number): Promise<Uint8Array<ArrayBuffer>> => {
    const response = await fetch(url);
    if (!response.ok || response.body === null) throw new Error(`Cannot load ${url}: status ${response.status}`);
    // A compressed answer says how long it is on the wire, not in bytes.
    const isPlain = response.headers.get("content-encoding") === null;
    totals[index] = isPlain ? Number(response.headers.get("content-length") ?? 0) : 0;
    const chunks: Uint8Array[] = [];
    for (const reader = response.body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      loaded[index] = (loaded[index] ?? 0) + value.length;
      totals[index] = Math.max(totals[index] ?? 0, loaded[index] ?? 0);
      onProgress(sum(loaded), sum(totals));
    }
    return joined(chunks, loaded[index] ?? 0);
  };
  return Promise.all(urls.map(fetchOne));
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
