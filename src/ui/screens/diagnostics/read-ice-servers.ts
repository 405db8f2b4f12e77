/** STUN and TURN servers that the page's server names; a static host names none. Takes `timeoutMs` at most. Never rejects. */
export async function readIceServers(timeoutMs: number): Promise<readonly RTCIceServer[]> {
  try {
    const response = await fetch("api/ice-servers", { cache: "no-store", signal: AbortSignal.timeout(timeoutMs) });
    const answer: unknown = response.ok ? await response.json() : undefined;
    const list: unknown = typeof answer === "object" && answer !== null ? Reflect.get(answer, "iceServers") : undefined;
    return Array.isArray(list) ? list.filter(isServer) : [];
  } catch (error) {
    if (error instanceof DOMException || error instanceof TypeError || error instanceof SyntaxError) {
      return [];
    }
    throw error;
  }
}

function isServer(value: unknown): value is RTCIceServer {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const urls: unknown = Reflect.get(value, "urls");
  return typeof urls === "string" || (Array.isArray(urls) && urls.every((url) => typeof url === "string"));
}
