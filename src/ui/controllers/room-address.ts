import { formatRoute, parseRoute, type Route } from "../shell/route.ts";
import { freshSecret, suggestRoomName } from "./room-names.ts";

/** A room that an embedding page names. */
export type EmbeddedRoom = {
  readonly name: string;
  /** What members prove to know; undefined lets in whoever knows the name. */
  readonly secret: string | undefined;
};

/** The room and screen that the page's address names, and the link that leads others there. */
export class RoomAddress {
  /** Whether the address led to a room, rather than the page proposing one. */
  readonly isInvited: boolean;
  /** The room was given by an embedding page, whose address is its own affair. */
  readonly #isEmbedded: boolean;
  #route: Route;

  /** Without `room` the page's own address says where to go. */
  constructor(room?: EmbeddedRoom) {
    this.#isEmbedded = room !== undefined;
    const route =
      room === undefined
        ? parseRoute(location.hash)
        : { roomName: room.name, secret: room.secret, name: undefined, joins: false, screen: "call" as const };
    this.isInvited = route.roomName !== undefined;
    this.#route = this.isInvited ? route : { ...route, roomName: suggestRoomName(), secret: freshSecret() };
  }

  get route(): Route {
    return this.#route;
  }

  /** The address that leads others here: room and secret, without one's own name. */
  get link(): string {
    const { roomName, secret } = this.#route;
    const hash = formatRoute({ roomName, secret, name: undefined, joins: false, screen: "call" });
    return new URL(hash, location.href).href;
  }

  /** Whether the page joins by itself once it may use the microphone. */
  get joinsByItself(): boolean {
    return this.isInvited && this.#route.joins;
  }

  /** Goes to another room; a new name gets a new secret. False when that is no other name. */
  rename(name: string): boolean {
    const roomName = name.trim().slice(0, 64);
    if (roomName === "" || roomName === this.#route.roomName) {
      return false;
    }
    this.#route = { ...this.#route, roomName, secret: freshSecret() };
    return true;
  }

  /** Reads the address again after it has changed. Another room in it means another visit: the page loads anew. */
  follow(): void {
    if (this.#isEmbedded) {
      return;
    }
    const route = parseRoute(location.hash);
    const isOtherRoom =
      route.roomName !== undefined && (route.roomName !== this.#route.roomName || route.secret !== this.#route.secret);
    if (isOtherRoom) {
      location.reload();
      return;
    }
    this.#route = { ...this.#route, screen: route.screen };
  }

  /** Puts the room into the address, so that a reload comes back and the address bar holds the link. */
  keep(): void {
    this.#route = { ...this.#route, joins: false };
    if (this.#isEmbedded) {
      return;
    }
    history.replaceState(null, "", formatRoute({ ...this.#route, name: undefined }));
  }
}
