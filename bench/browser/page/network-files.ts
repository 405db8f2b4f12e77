import { BulkPacer } from "../../../src/engine/session/core/bulk-pacer.ts";

/*
 * One side of a connection that carries packets the size of voice and, beside them, a file. The bench carries the descriptions.
 */

/** Where the file travels, and how much of it may wait in the channel. */
export type FilePlan = {
  readonly on: "none" | "same-connection" | "second-connection";
  /** Bytes per message. */
  readonly chunkBytes: number;
  /** Bytes that may wait in the channel before no more are given to it. */
  readonly ceilingBytes: number;
  /** Whether the engine's pacer, told of the queue four times a second, decides how fast it goes. */
  readonly isPaced: boolean;
};

/** What arrived. */
export type FilesResult = {
  /** Voice packets: how long each that arrived was under way, ms. */
  readonly delaysMs: readonly number[];
  /** Voice packets that the sender kept back because the channel was full. */
  readonly keptBack: number;
  readonly sent: number;
  readonly fileBytes: number;
};

/** 20 ms of speech at 32 kb/s with its headers. */
const VOICE_BYTES = 105;
const FRAME_MS = 20;
/** What tells the sender how long voice waits: one number. */
const REPORT_BYTES = 8;
const REPORT_MS = 250;

const now = (): number => performance.timeOrigin + performance.now();
const connections: RTCPeerConnection[] = [];
const voice: RTCDataChannel[] = [];
const files: RTCDataChannel[] = [];
const delaysMs: number[] = [];
const pacer = new BulkPacer(performance.now());
let reported = 0;
let fileBytes = 0;
let keptBack = 0;
let keptBackAtReport = 0;
let sent = 0;
let isStopped = false;

/** Opens both connections; the first carries voice, each a file channel. */
function open(): void {
  for (let index = 0; index < 2; index++) {
    const connection = new RTCPeerConnection();
    connections.push(connection);
    const lossy = connection.createDataChannel("voice", {
      negotiated: true,
      id: 100,
      ordered: false,
      maxRetransmits: 0,
    });
    lossy.binaryType = "arraybuffer";
    lossy.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      const value = new DataView(data).getFloat64(0);
      if (data.byteLength === REPORT_BYTES) {
        pacer.report({ isVoiceFlowing: true, queueDelayMs: value, keptBack: keptBack - keptBackAtReport });
        keptBackAtReport = keptBack;
      } else delaysMs.push(now() - value);
    };
    voice.push(lossy);
    const reliable = connection.createDataChannel("file", { negotiated: true, id: 101, ordered: true });
    reliable.binaryType = "arraybuffer";
    reliable.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      fileBytes += data.byteLength;
    };
    files.push(reliable);
  }
  setInterval(reportQueue, REPORT_MS);
}

/** Tells the sender the least delay since the last report, above the least of all. */
function reportQueue(): void {
  const fresh = delaysMs.slice(reported);
  reported = delaysMs.length;
  const channel = voice[0];
  if (fresh.length === 0 || channel?.readyState !== "open") return;
  const least = delaysMs.reduce((least, delay) => Math.min(least, delay), Number.POSITIVE_INFINITY);
  const bytes = new Uint8Array(REPORT_BYTES);
  new DataView(bytes.buffer).setFloat64(0, Math.min(...fresh) - least);
  channel.send(bytes);
}

const at = (index: number): RTCPeerConnection => {
  const connection = connections[index];
  if (connection === undefined) throw new Error(`There is no connection ${index}`);
  return connection;
};

/** The local description of a connection with all candidates. */
async function describe(index: number): Promise<RTCSessionDescriptionInit> {
  const connection = at(index);
  await connection.setLocalDescription();
  if (connection.iceGatheringState !== "complete") {
    await new Promise<void>((resolve) => {
      connection.onicegatheringstatechange = () => connection.iceGatheringState === "complete" && resolve();
    });
  }
  const description = connection.localDescription;
  if (description === null) throw new Error("There is no local description");
  return { type: description.type, sdp: description.sdp };
}

async function accept(index: number, description: RTCSessionDescriptionInit): Promise<void> {
  await at(index).setRemoteDescription(description);
}

async function connected(): Promise<void> {
  while ([...voice, ...files].some(({ readyState }) => readyState !== "open")) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Sends voice, and the file as planned, until `stop`. */
function start(plan: FilePlan): void {
  const bytes = new Uint8Array(VOICE_BYTES);
  const began = performance.now();
  const talk = (): void => {
    if (isStopped) return;
    while (sent * FRAME_MS <= performance.now() - began) {
      sent++;
      const channel = voice[0];
      if (channel === undefined) return;
      // The engine's send gate: a packet that would wait behind more than one other is kept back.
      if (channel.bufferedAmount > VOICE_BYTES) {
        keptBack++;
        continue;
      }
      new DataView(bytes.buffer).setFloat64(0, now());
      channel.send(bytes);
    }
    setTimeout(talk, 4);
  };
  talk();
  if (plan.on === "none") return;
  const file = files[plan.on === "same-connection" ? 0 : 1];
  if (file === undefined) return;
  const chunk = new Uint8Array(plan.chunkBytes);
  file.bufferedAmountLowThreshold = Math.max(0, plan.ceilingBytes - plan.chunkBytes);
  pacer.report({ isVoiceFlowing: true, queueDelayMs: 0, keptBack: 0 });
  const fill = (): void => {
    while (!isStopped && file.bufferedAmount + chunk.length <= plan.ceilingBytes) {
      if (plan.isPaced && !pacer.take(chunk.length, performance.now())) {
        setTimeout(fill, Math.max(2, pacer.waitMs(chunk.length)));
        return;
      }
      file.send(chunk);
    }
  };
  file.onbufferedamountlow = fill;
  fill();
}

function stop(): void {
  isStopped = true;
}

function result(): FilesResult {
  return { delaysMs, keptBack, sent, fileBytes };
}

/** What the bench calls in the page. */
export type FilesPage = {
  readonly open: typeof open;
  readonly describe: typeof describe;
  readonly accept: typeof accept;
  readonly connected: typeof connected;
  readonly start: typeof start;
  readonly stop: typeof stop;
  readonly result: typeof result;
};

const filesPage: FilesPage = { open, describe, accept, connected, start, stop, result };
Object.assign(globalThis, { filesPage });
