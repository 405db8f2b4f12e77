import { toHex } from "./hex.ts";
import { hkdfSha256 } from "./hmac.ts";
import { utf8Bytes } from "./utf8.ts";

/** Meeting points of one room: one is held by a member, the others are for when its holder cannot be reached. */
export const BEACON_SLOTS = 3;

/** A room name is at most this long, in UTF-16 units. */
export const MAX_ROOM_NAME = 128;

const SALT = utf8Bytes("antiphon room 1");

/**
 * What the members of a room derive from its name and secret. The secret stays in the members' browsers; the signalling
 * server sees only the ids.
 */
export class RoomKeys {
  /** Proves membership. 32 bytes. */
  readonly access: Uint8Array;
  /** Whether the room has no secret, so that its name is all it takes to join it. */
  readonly isOpen: boolean;
  readonly #name: string;
  readonly #secret: Uint8Array;

  private constructor(name: string, secret: string) {
    this.#name = name;
    this.#secret = utf8Bytes(secret);
    this.isOpen = secret === "";
    this.access = this.#derive(this.#secret, "access");
  }

  /** Throws RangeError when the name is empty or too long. Without a secret the room is open to all who know its name. */
  static derive(roomName: string, secret = ""): RoomKeys {
    const name = roomName.normalize("NFC").trim();
    if (name === "" || name.length > MAX_ROOM_NAME) {
      throw new RangeError(`A room name has 1 to ${MAX_ROOM_NAME} characters`);
    }
    return new RoomKeys(name, secret);
  }

  /** The id of meeting point `slot` (0…BEACON_SLOTS − 1): 128 bits in hexadecimal. */
  beaconId(slot: number): string {
    return toHex(this.#derive(this.#secret, `beacon ${slot}`, 16));
  }

  /**
   * The id under which somebody with another secret, or none, finds out that the room exists: derived from the name
   * alone, and the first meeting point of the open room of that name.
   */
  doorId(): string {
    return toHex(this.#derive(utf8Bytes(""), "beacon 0", 16));
  }

  #derive(secret: Uint8Array, purpose: string, length?: number): Uint8Array {
    return hkdfSha256(secret, SALT, utf8Bytes(`${purpose}\n${this.#name}`), length);
  }
}
