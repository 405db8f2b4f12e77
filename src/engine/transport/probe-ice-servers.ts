/** How a STUN or TURN server answered under one of its addresses. */
export type IceServerProbe = {
  /** Address as configured, such as `turn:host:3478?transport=tcp`. */
  readonly url: string;
  readonly kind: "stun" | "turn";
  /** How this side talks to the server. */
  readonly transport: "udp" | "tcp" | "tls";
  /** A STUN server answered, or a TURN server accepted the credentials and lent an address. */
  readonly isReachable: boolean;
  /** From the question to the answer, ms, with looking up the name; undefined without an answer. */
  readonly latencyMs: number | undefined;
  /** Last error of the server or the way to it: 401 wrong credentials, 701 no answer (RFC 8489 §14.8, WebRTC §4.8.2). */
  readonly errorCode: number | undefined;
};

/** How long one server may take to answer by default, ms. */
const TIMEOUT_MS = 5000;

/**
 * Asks every address of `iceServers` by itself, all at once, whether it serves: STUN by a binding, TURN by an allocation with
 * the given credentials. Opens no connection to anybody else. Addresses that are neither are left out. Never rejects for a
 * server that does not answer. Main thread of a browser.
 */
export function probeIceServers(
  iceServers: readonly RTCIceServer[],
  options: { readonly timeoutMs?: number } = {},
): Promise<readonly IceServerProbe[]> {
  const addresses = iceServers.flatMap((server) => [server.urls].flat().map((url) => ({ ...server, urls: url })));
  const known = addresses.filter(({ urls }) => /^(stun|turn)s?:/.test(urls));
  return Promise.all(known.map((server) => probe(server, options.timeoutMs ?? TIMEOUT_MS)));
}

async function probe(server: RTCIceServer & { readonly urls: string }, timeoutMs: number): Promise<IceServerProbe> {
  const url = server.urls;
  const kind = url.startsWith("turn") ? "turn" : "stun";
  const connection = new RTCPeerConnection({
    iceServers: [server],
    iceTransportPolicy: kind === "turn" ? "relay" : "all",
  });
  const wanted = kind === "turn" ? "relay" : "srflx";
  let errorCode: number | undefined;
  let latencyMs: number | undefined;
  try {
    connection.createDataChannel("");
    const offer = await connection.createOffer();
    const started = performance.now();
    const finished = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      const answered = (): void => {
        latencyMs ??= performance.now() - started;
        clearTimeout(timer);
        resolve();
      };
      connection.onicecandidateerror = (event) => {
        ({ errorCode } = event);
      };
      connection.onicecandidate = ({ candidate }) => {
        if (candidate?.type === wanted) {
          answered();
        } else if (candidate === null && kind === "stun" && errorCode === undefined) {
          // Where nothing translates addresses the answer is one of ours, and the browser does not name it twice.
          answered();
        } else if (candidate === null) {
          clearTimeout(timer);
          resolve();
        }
      };
    });
    await connection.setLocalDescription(offer);
    await finished;
  } finally {
    connection.close();
  }
  return { url, kind, transport: transportOf(url), isReachable: latencyMs !== undefined, latencyMs, errorCode };
}

function transportOf(url: string): IceServerProbe["transport"] {
  if (/^(stun|turn)s:/.test(url)) return "tls";
  return /[?&]transport=tcp\b/.test(url) ? "tcp" : "udp";
}
