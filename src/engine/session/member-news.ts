import { type ControlMessage, MAX_STREAMS, type StreamDescription } from "./core/control-message.ts";
import { displayName } from "./core/display-name.ts";
import type { Member } from "./member.ts";
import type { RoomSessionEvents } from "./room-session-events.ts";

/** Tells whoever listens to a session. */
export type TellSession = <Type extends keyof RoomSessionEvents>(type: Type, payload: RoomSessionEvents[Type]) => void;

/**
 * Takes what a member says of itself: name, presence, streams. Keeps it with the member and tells the session's listeners.
 *
 * @returns false when the message is about something else
 */
export function takeMemberNews(member: Member, message: ControlMessage, tell: TellSession): boolean {
  switch (message.type) {
    case "rename":
      member.name = displayName(message.name);
      tell("changed", { member });
      return true;
    case "presence":
      member.presence = message.presence;
      tell("changed", { member });
      return true;
    case "stream-added":
    case "stream-changed":
      addStream(member, message.stream, tell);
      return true;
    case "stream-removed":
      if (member.streams.delete(message.ssrc)) {
        tell("stream-removed", { member, ssrc: message.ssrc });
      }
      return true;
    case "stream-refused":
      tell("stream-refused", { member, ssrc: message.ssrc, reason: message.reason });
      return true;
    default:
      return false;
  }
}

function addStream(member: Member, stream: StreamDescription, tell: TellSession): void {
  if (!member.streams.has(stream.ssrc) && member.streams.size >= MAX_STREAMS) {
    member.send({ type: "stream-refused", ssrc: stream.ssrc, reason: "too many streams" });
    return;
  }
  member.streams.set(stream.ssrc, stream);
  tell("stream-added", { member, stream });
}
