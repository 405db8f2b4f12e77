/** What looking for addresses through a server gave. */
export type Gathering = { readonly isConfigured: boolean; readonly addresses: number };

/** Asks the page's server for its STUN and TURN servers, and those of one kind for an address. */
export async function gatherCandidates(kind: "stun" | "turn", timeoutMs: number): Promise<Gathering> {
  const servers = (await readServers(timeoutMs)).filter(({ urls }) =>
    [urls].flat().some((url) => url.startsWith(kind)),
  );
  if (servers.length === 0) {
    return { isConfigured: false, addresses: 0 };
  }
  const connection = new RTCPeerConnection({
    iceServers: servers,
    iceTransportPolicy: kind === "turn" ? "relay" : "all",
  });
  const wanted = kind === "turn" ? "relay" : "srflx";
  let addresses = 0;
  try {
    const finished = new Promise<void>((resolve) => {
      setTimeout(resolve, timeoutMs);
      connection.onicecandidate = ({ candidate }) => {
        if (candidate?.type === wanted) {
          addresses += 1;
        }
        if (candidate === null || addresses > 0) {
          resolve();
        }
      };
    });
    connection.createDataChannel("");
    await connection.setLocalDescription();
    await finished;
  } finally {
    connection.close();
  }
  return { isConfigured: true, addresses };
}

/** The page's server says which servers there are; a static host says nothing, which counts as none. */
async function readServers(timeoutMs: number): Promise<readonly RTCIceServer[]> {
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
