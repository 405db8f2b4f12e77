import type { NoteRoom } from "./recording/note-exchange.ts";
import type { Room } from "./room.ts";

/** A room as voice notes see it: files go to peers by their ids. */
export function noteRoomOf(room: Room): NoteRoom {
  return {
    sendFile: (blob, { to, ...options }) => {
      const peers = to === undefined ? undefined : [...room.peers.values()].filter(({ id }) => to.includes(id));
      return room.sendFile(blob, { ...options, ...(peers === undefined ? {} : { to: peers }) });
    },
    addEventListener: (type, listener) => room.addEventListener(type, listener),
  };
}
