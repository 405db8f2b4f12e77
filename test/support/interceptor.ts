import type { Browser, BrowserContext, Page, WebSocketRoute } from "playwright-core";

/** What a page in the middle answers to an offer: an answer for its author, and an offer of its own for the other side. */
type Interception = { readonly answer: RTCSessionDescriptionInit; readonly offer: RTCSessionDescriptionInit };

/** A PeerJS message as far as the interceptor reads it. */
type Signal = {
  readonly type: string;
  readonly dst?: string;
  readonly payload?: {
    readonly connectionId?: string;
    readonly sdp?: RTCSessionDescriptionInit;
    readonly candidate?: RTCIceCandidateInit;
    readonly [field: string]: unknown;
  };
};

/** Functions of the page in the middle. */
type MiddlePage = {
  intercept(connectionId: string, label: string, offer: RTCSessionDescriptionInit): Promise<Interception>;
  answered(connectionId: string, answer: RTCSessionDescriptionInit): Promise<void>;
  candidate(connectionId: string, isCaller: boolean, candidate: RTCIceCandidateInit): Promise<void>;
  heard(): { readonly control: number; readonly voice: number };
};

/** Runs in the middle: two real peer connections for each call, with everything passed on between their channels. */
function becomeMiddle(): void {
  type Call = { readonly caller: RTCPeerConnection; readonly called: RTCPeerConnection };
  const calls = new Map<string, Call>();
  const heard = { control: 0, voice: 0 };

  const listenForVoice = (connection: RTCPeerConnection): void => {
    const channel = connection.createDataChannel("voice", {
      negotiated: true,
      id: 100,
      ordered: false,
      maxRetransmits: 0,
    });
    channel.onmessage = () => {
      heard.voice += 1;
    };
  };

  const bridge = (from: RTCDataChannel, to: RTCDataChannel): void => {
    const waiting: string[] = [];
    to.addEventListener("open", () => {
      for (const data of waiting.splice(0)) to.send(data);
    });
    from.onmessage = ({ data }: MessageEvent<string>) => {
      heard.control += 1;
      if (to.readyState === "open") to.send(data);
      else waiting.push(data);
    };
  };

  const gathered = async (connection: RTCPeerConnection): Promise<RTCSessionDescriptionInit> => {
    while (connection.iceGatheringState !== "complete") {
      await new Promise((resolve) => connection.addEventListener("icegatheringstatechange", resolve, { once: true }));
    }
    const { type, sdp } = connection.localDescription as RTCSessionDescription;
    return { type, sdp };
  };

  const middle: MiddlePage = {
    async intercept(connectionId, label, offer) {
      const caller = new RTCPeerConnection();
      const called = new RTCPeerConnection();
      calls.set(connectionId, { caller, called });
      listenForVoice(caller);
      listenForVoice(called);
      const towardsCalled = called.createDataChannel(label, { ordered: true });
      caller.ondatachannel = ({ channel }) => {
        bridge(channel, towardsCalled);
        bridge(towardsCalled, channel);
      };
      await caller.setRemoteDescription(offer);
      await caller.setLocalDescription(await caller.createAnswer());
      await called.setLocalDescription(await called.createOffer());
      return { answer: await gathered(caller), offer: await gathered(called) };
    },
    answered: async (connectionId, answer) => {
      await calls.get(connectionId)?.called.setRemoteDescription(answer);
    },
    candidate: async (connectionId, isCaller, candidate) => {
      const call = calls.get(connectionId);
      await (isCaller ? call?.caller : call?.called)?.addIceCandidate(candidate);
    },
    heard: () => heard,
  };
  Object.assign(globalThis, middle);
}

/**
 * A signalling server that has turned hostile: it answers every call with certificates of its own, and passes on what the two
 * sides say, as whoever runs the server could.
 */
export class Interceptor {
  /** What went wrong in the middle. */
  readonly failures: string[] = [];
  readonly #page: Page;
  readonly #sockets = new Map<string, WebSocketRoute>();
  readonly #callers = new Map<string, string>();

  private constructor(page: Page) {
    this.#page = page;
  }

  /** Puts itself in the middle of everything that pages of `contexts` will do. */
  static async between(browser: Browser, contexts: readonly BrowserContext[], url: string): Promise<Interceptor> {
    // A page that may not use the microphone gets no candidates on a machine without a default route.
    const page = await browser.newPage({ permissions: ["microphone"] });
    await page.goto(`${url}/health`);
    await page.evaluate("globalThis.__name = (named) => named");
    await page.evaluate(becomeMiddle);
    const interceptor = new Interceptor(page);
    for (const context of contexts) {
      await context.routeWebSocket(/\/peerjs/, (socket) => interceptor.#take(socket));
    }
    return interceptor;
  }

  /** Messages that have passed through the middle. */
  heard(): Promise<{ readonly control: number; readonly voice: number }> {
    return this.#page.evaluate(() => (globalThis as unknown as MiddlePage).heard());
  }

  #take(socket: WebSocketRoute): void {
    const id = new URL(socket.url()).searchParams.get("id") ?? "";
    // Whoever asks for an id that somebody holds will be turned away by the server.
    if (!this.#sockets.has(id)) this.#sockets.set(id, socket);
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      const signal = JSON.parse(String(message)) as Signal;
      this.#handle(id, signal).then(
        (isHandled) => {
          if (!isHandled) server.send(message);
        },
        (error: unknown) => this.failures.push(error instanceof Error ? error.message : String(error)),
      );
    });
  }

  /** True when the message has been dealt with here. */
  async #handle(src: string, { type, dst, payload }: Signal): Promise<boolean> {
    const connectionId = payload?.connectionId;
    if (dst === undefined || payload === undefined || connectionId === undefined) return false;
    if (type === "OFFER" && payload.sdp !== undefined) {
      this.#callers.set(connectionId, src);
      const { answer, offer } = await this.#page.evaluate(
        ([id, label, sdp]) => (globalThis as unknown as MiddlePage).intercept(id, label, sdp),
        [connectionId, String(payload["label"]), payload.sdp] as const,
      );
      const kind = { type: "data", connectionId };
      this.#send(src, { type: "ANSWER", src: dst, dst: src, payload: { ...kind, sdp: answer } });
      this.#send(dst, { type: "OFFER", src, dst, payload: { ...payload, sdp: offer } });
      return true;
    }
    if (type === "ANSWER" && payload.sdp !== undefined) {
      await this.#page.evaluate(([id, sdp]) => (globalThis as unknown as MiddlePage).answered(id, sdp), [
        connectionId,
        payload.sdp,
      ] as const);
      return true;
    }
    if (type === "CANDIDATE" && payload.candidate !== undefined) {
      await this.#page.evaluate(
        ([id, isCaller, candidate]) => (globalThis as unknown as MiddlePage).candidate(id, isCaller, candidate),
        [connectionId, this.#callers.get(connectionId) === src, payload.candidate] as const,
      );
      return true;
    }
    return false;
  }

  #send(id: string, message: object): void {
    this.#sockets.get(id)?.send(JSON.stringify(message));
  }
}
