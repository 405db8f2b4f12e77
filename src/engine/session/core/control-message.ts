import * as v from "valibot";
import { type JsonRefusal, parseBoundedJson } from "./bounded-json.ts";

/** Version of the control protocol that this code speaks. Raised when old code could not go on with new messages. */
export const PROTOCOL_VERSION = 1;

/** The oldest version that this code still understands. */
export const OLDEST_VERSION = 1;

/** The longest control message, in characters. */
export const MAX_CONTROL_LENGTH = 16 * 1024;

/** Streams that one member may offer at the same time. */
export const MAX_STREAMS = 8;

/** Members that a roster may name. */
export const MAX_ROSTER = 64;

/** The longest chat text, in UTF-16 units. */
export const MAX_CHAT_LENGTH = 4000;

/** The largest file that may be declared, in bytes. */
export const MAX_FILE_BYTES = 2 ** 36;

/** The longest session description of a side connection, in characters: one section with many candidates has about 4,000. */
const MAX_SIDE_DESCRIPTION = 12_000;

/** The longest JSON that may go with a file, in characters. */
export const MAX_METADATA_LENGTH = 4096;

const peerId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9](?:[\w-]{0,126}[A-Za-z0-9])?$/));
const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const token = v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/));
const fileId = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/));
const count = (max: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(max));
const text = (max: number) => v.pipe(v.string(), v.maxLength(max));

/** Side connections that two members may have: for voice besides that of the link, and for files. */
const SIDE_CONNECTIONS = ["voice-1", "voice-2", "voice-3", "voice-4", "voice-5", "files"] as const;

const sideName = v.picklist(SIDE_CONNECTIONS);

/** Name of a side connection between two members. */
export type SideConnectionName = v.InferOutput<typeof sideName>;

const stream = v.object({
  ssrc: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(0xffff_ffff)),
  kind: v.picklist(["microphone", "audio"]),
  label: text(200),
  channels: v.picklist([1, 2]),
});

const seat = v.object({ id: peerId, order: count(1e9) });
const roster = v.pipe(v.array(seat), v.maxLength(MAX_ROSTER));
const policy = v.object({ isLocked: v.boolean(), isAdmissionRequired: v.boolean() });
const stageMs = v.pipe(v.number(), v.minValue(0), v.maxValue(5_000));
/** What the member's machine adds to a voice, ms: before it is sent, and behind the jitter buffer. */
const delays = v.object({
  captureMs: stageMs,
  processingMs: stageMs,
  encodeMs: stageMs,
  decodeMs: stageMs,
  outputMs: stageMs,
});
const presence = v.object({
  isMuted: v.boolean(),
  isDeafened: v.boolean(),
  isRecording: v.optional(v.boolean()),
  delays: v.optional(delays),
});

/** Why a link or a member is turned away. */
const refusal = v.picklist([
  "wrong-secret",
  "intercepted",
  "version",
  "full",
  "locked",
  "denied",
  "removed",
  "protocol",
]);

const controlMessage = v.variant("type", [
  // Before the other side has proved anything.
  v.object({
    type: v.literal("hello"),
    version: count(1e6),
    oldestVersion: count(1e6),
    peerId,
    purpose: v.picklist(["lobby", "member"]),
    commitment: hash,
  }),
  v.object({ type: v.literal("reveal"), nonce: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)) }),
  v.object({ type: v.literal("proof"), knows: hash, bound: hash }),
  v.object({ type: v.literal("refuse"), reason: refusal }),
  // In the lobby.
  v.object({ type: v.literal("visit"), name: text(400) }),
  v.object({ type: v.literal("wait") }),
  v.object({ type: v.literal("seat"), order: count(1e9), roster, policy, holder: peerId }),
  // Between members.
  v.object({
    type: v.literal("welcome"),
    name: text(400),
    identity: token,
    order: count(1e9),
    presence,
    streams: v.pipe(v.array(stream), v.maxLength(MAX_STREAMS)),
    roster,
    policy,
    capabilities: v.pipe(v.array(token), v.maxLength(32)),
  }),
  v.object({ type: v.literal("roster"), roster }),
  v.object({ type: v.literal("beacon"), slot: count(15) }),
  v.object({ type: v.literal("ping"), nonce: count(2 ** 32) }),
  v.object({ type: v.literal("pong"), nonce: count(2 ** 32) }),
  v.object({ type: v.literal("rename"), name: text(400) }),
  v.object({ type: v.literal("presence"), presence }),
  v.object({ type: v.literal("stream-added"), stream }),
  v.object({ type: v.literal("stream-changed"), stream }),
  v.object({ type: v.literal("stream-removed"), ssrc: v.number() }),
  v.object({ type: v.literal("stream-refused"), ssrc: v.number(), reason: text(200) }),
  v.object({ type: v.literal("chat"), id: token, text: text(MAX_CHAT_LENGTH) }),
  v.object({ type: v.literal("policy"), policy }),
  v.object({ type: v.literal("knock"), visitor: peerId, name: text(400) }),
  v.object({ type: v.literal("verdict"), visitor: peerId, isAdmitted: v.boolean() }),
  v.object({ type: v.literal("remove"), peerId }),
  // Further connections between the same two; only the side that opened the link offers.
  v.object({ type: v.literal("side-request"), name: sideName }),
  v.object({
    type: v.literal("side-signal"),
    name: sideName,
    /** Counts the connections of this name on this link: what is said of an earlier one is not meant for the present one. */
    attempt: count(1e6),
    signal: v.variant("kind", [
      v.object({
        kind: v.literal("description"),
        type: v.picklist(["offer", "answer"]),
        sdp: text(MAX_SIDE_DESCRIPTION),
      }),
      v.object({ kind: v.literal("candidate"), candidate: text(512), mid: text(64), line: count(64) }),
    ]),
  }),
  v.object({ type: v.literal("side-closed"), name: sideName, attempt: count(1e6) }),
  v.object({ type: v.literal("bye"), reason: v.picklist(["left", "removed", "replaced"]) }),
  // Files; their bytes travel on the bulk channel.
  v.object({
    type: v.literal("file-offer"),
    id: fileId,
    name: text(512),
    size: count(MAX_FILE_BYTES),
    mediaType: text(128),
    kind: token,
    /** JSON. */
    metadata: v.optional(text(MAX_METADATA_LENGTH)),
  }),
  v.object({ type: v.literal("file-accept"), id: fileId, offset: count(MAX_FILE_BYTES) }),
  v.object({ type: v.literal("file-pause"), id: fileId }),
  v.object({ type: v.literal("file-progress"), id: fileId, received: count(MAX_FILE_BYTES) }),
  v.object({ type: v.literal("file-done"), id: fileId, sha256: hash }),
  v.object({ type: v.literal("file-received"), id: fileId }),
  v.object({
    type: v.literal("file-cancel"),
    id: fileId,
    reason: v.picklist(["declined", "cancelled", "quota", "mismatch", "storage", "protocol"]),
  }),
]);

/** Everything two sides of a link say to each other. */
export type ControlMessage = v.InferOutput<typeof controlMessage>;

/** One kind of control message. */
export type ControlMessageOf<Type extends ControlMessage["type"]> = Extract<ControlMessage, { readonly type: Type }>;

/** One audio stream that a member sends. `ssrc` names it in the voice packets of that member. */
export type StreamDescription = Readonly<v.InferOutput<typeof stream>>;

/** A member's place in the room: the lowest order is the host. */
export type Seat = Readonly<v.InferOutput<typeof seat>>;

/** What the host has decided about newcomers. */
export type RoomPolicy = Readonly<v.InferOutput<typeof policy>>;

/** What a member tells about itself for others to show. */
export type MemberPresence = Readonly<v.InferOutput<typeof presence>>;

/** Why a link or a member is turned away. */
export type RefusalReason = v.InferOutput<typeof refusal>;

/** Why something was not a control message. */
export type MessageDrop = JsonRefusal | "unknown-type" | "invalid" | "binary";

const KNOWN_TYPES: ReadonlySet<unknown> = new Set(controlMessage.options.map((option) => option.entries.type.literal));

/** Reads one message from an untrusted peer. Never throws. Unknown types are told apart from malformed known ones. */
export function parseControlMessage(
  data: string | Uint8Array,
): { readonly message: ControlMessage } | { readonly drop: MessageDrop } {
  if (typeof data !== "string") {
    return { drop: "binary" };
  }
  const parsed = parseBoundedJson(data, MAX_CONTROL_LENGTH);
  if ("refusal" in parsed) {
    return { drop: parsed.refusal };
  }
  const { value } = parsed;
  if (typeof value !== "object" || value === null || Array.isArray(value) || !Object.hasOwn(value, "type")) {
    return { drop: "invalid" };
  }
  const { type } = value as { type: unknown };
  if (!KNOWN_TYPES.has(type)) {
    return { drop: typeof type === "string" ? "unknown-type" : "invalid" };
  }
  const result = v.safeParse(controlMessage, value, { abortEarly: true });
  return result.success ? { message: result.output } : { drop: "invalid" };
}

/** The wire form of a message. */
export function encodeControlMessage(message: ControlMessage): string {
  return JSON.stringify(message);
}
