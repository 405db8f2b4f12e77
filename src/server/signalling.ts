import type { IncomingMessage, RequestListener, Server } from "node:http";
import type { Duplex } from "node:stream";
import express from "express";
import { ExpressPeerServer, type IClient } from "peer";
import { type WebSocket, WebSocketServer } from "ws";
import { MAX_SIGNAL_BYTES, PEER_ID } from "../engine/transport/signal-message.ts";
import { AddressLimits, type AddressQuota } from "./address-limits.ts";
import type { Log } from "./log.ts";
import { SignalSocket } from "./signal-socket.ts";

/** Where clients find the signalling server: the `path` option of a PeerJS client. */
export const SIGNALLING_PATH = "/peerjs";

/** PeerServer appends its own name to the mount path for its socket. */
const SOCKET_PATH = `${SIGNALLING_PATH}/peerjs`;

/** A call for somebody who is not there is answered with EXPIRE after this long, in milliseconds. */
const EXPIRE_MS = 500;

/** A client that has not pinged for this long is dropped, in milliseconds. PeerJS pings every 5 s. */
const ALIVE_MS = 16_000;

/** How a signalling server is limited and observed. */
export type SignallingOptions = {
  readonly quota: AddressQuota;
  /** Clients of all addresses together. */
  readonly maxClients: number;
  /** The network address a request came from. */
  readonly addressOf: (request: IncomingMessage) => string;
  readonly log: Log;
};

/**
 * PeerServer inside an HTTP server of ours. It brokers offers, answers and candidates between ids that know each other;
 * rooms, names and secrets never reach it.
 */
export class Signalling {
  readonly #options: SignallingOptions;
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_SIGNAL_BYTES, WebSocket: SignalSocket });
  readonly #limits: AddressLimits;
  readonly #app = express();
  readonly #current = new WeakMap<IClient, WebSocket>();
  readonly #sweep: NodeJS.Timeout;
  #clients = 0;

  constructor(server: Server, options: SignallingOptions) {
    this.#options = options;
    this.#limits = new AddressLimits(options.quota);
    this.#sweep = setInterval(() => this.#limits.sweep(Date.now()), 60_000);
    this.#sweep.unref();
    const peers = ExpressPeerServer(server, {
      path: "/",
      alive_timeout: ALIVE_MS,
      expire_timeout: EXPIRE_MS,
      cleanup_out_msgs: EXPIRE_MS / 2,
      concurrent_limit: options.maxClients,
      allow_discovery: false,
      corsOptions: { origin: false },
      createWebSocketServer: () => this.#sockets,
    });
    this.#app.disable("x-powered-by");
    this.#app.use(SIGNALLING_PATH, peers);
    peers.on("connection", (client) => this.#connected(client));
    peers.on("disconnect", (client) => this.#disconnected(client));
    peers.on("error", (error) => options.log({ event: "signalling-error", message: error.message }));
  }

  /** Connected clients. */
  get clients(): number {
    return this.#clients;
  }

  /** PeerServer's small HTTP interface. */
  get handler(): RequestListener {
    return this.#app;
  }

  /** Takes over an upgrade request for the signalling socket; false when it is for somebody else. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (url.pathname !== SOCKET_PATH) {
      return false;
    }
    const address = this.#options.addressOf(request);
    if (!PEER_ID.test(url.searchParams.get("id") ?? "")) {
      refuse(socket, "400 Bad Request");
    } else if (this.#limits.open(address, Date.now())) {
      socket.once("close", () => this.#limits.close(address));
      this.#sockets.handleUpgrade(request, socket, head, (opened) => this.#sockets.emit("connection", opened, request));
    } else {
      this.#options.log({ event: "signalling-limited", address });
      refuse(socket, "429 Too Many Requests");
    }
    return true;
  }

  /** Tells every client that the server goes away and ends the sockets after a moment. */
  async close(): Promise<void> {
    clearInterval(this.#sweep);
    for (const socket of this.#sockets.clients) {
      socket.close(1001, "server is shutting down");
    }
    await new Promise<void>((resolve) => this.#sockets.close(() => resolve()));
  }

  /** Ends what did not react to `close()`. */
  terminate(): void {
    for (const socket of this.#sockets.clients) {
      socket.terminate();
    }
  }

  #connected(client: IClient): void {
    const socket = client.getSocket();
    const previous = this.#current.get(client);
    if (socket !== null) {
      this.#current.set(client, socket);
    }
    if (previous === undefined) {
      this.#clients += 1;
      this.#options.log({ event: "client-connected", clients: this.#clients });
      return;
    }
    // A client that comes back with its token while the old socket still looks alive gets no OPEN from PeerServer, and
    // without it PeerJS never leaves its connecting state.
    previous.terminate();
    client.send({ type: "OPEN" });
    this.#options.log({ event: "client-resumed", clients: this.#clients });
  }

  #disconnected(client: IClient): void {
    if (this.#current.delete(client)) {
      this.#clients -= 1;
      this.#options.log({ event: "client-disconnected", clients: this.#clients });
    }
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
