import { MAX_ROSTER, type Seat } from "./control-message.ts";

/** Members that were lost or have left are remembered: at most this many of each. */
const MAX_FORMER = 64;

/**
 * Who is in the room and in which order they came. The lowest order is the host. A member believes what it was told when
 * it was seated; after that nobody can slip in before it, since whoever is new came later.
 */
export class Roster {
  readonly #seats = new Map<string, number>();
  /** Lost, and welcome back in their old place. */
  readonly #former = new Map<string, number>();
  /** Left for good: ids are used once. Others may still name them. */
  readonly #departed = new Set<string>();
  readonly #ownId: string;

  /** `ownId` is this member, not seated yet. */
  constructor(ownId: string) {
    this.#ownId = ownId;
  }

  /** Everybody, this member included, by order. */
  get seats(): readonly Seat[] {
    return Array.from(this.#seats, ([id, order]) => ({ id, order })).sort(bySeniority);
  }

  get size(): number {
    return this.#seats.size;
  }

  /** The member that decides about newcomers; this one while nobody is seated. */
  get hostId(): string {
    return this.seats[0]?.id ?? this.#ownId;
  }

  /** This member's order; 0 while it has no seat. */
  get ownOrder(): number {
    return this.#seats.get(this.#ownId) ?? 0;
  }

  /** The order that the next newcomer gets. */
  get nextOrder(): number {
    return Math.max(-1, ...this.#seats.values(), ...this.#former.values()) + 1;
  }

  has(id: string): boolean {
    return this.#seats.has(id);
  }

  /** Whether `id` had a seat before and may have it back. */
  hasLeft(id: string): boolean {
    return this.#former.has(id);
  }

  orderOf(id: string): number | undefined {
    return this.#seats.get(id);
  }

  /** Takes this member's own seat and the others as the member says that gave it. */
  beSeated(order: number, others: readonly Seat[]): void {
    this.#seats.set(this.#ownId, order);
    for (const { id, order: theirs } of others) {
      if (id !== this.#ownId && this.#seats.size < MAX_ROSTER) {
        this.#seats.set(id, theirs);
      }
    }
  }

  /** Seats somebody this member has only now heard of. False when there is no room left, or who it is has left. */
  add({ id, order }: Seat): boolean {
    if (this.#seats.has(id)) {
      return true;
    }
    if (this.#seats.size >= MAX_ROSTER || this.#departed.has(id)) {
      return false;
    }
    this.#seats.set(id, this.#former.get(id) ?? Math.max(order, this.ownOrder + 1));
    this.#former.delete(id);
    return true;
  }

  /** Takes the seat of somebody who was lost and may come back. */
  remove(id: string): void {
    const order = this.#seats.get(id);
    if (order === undefined || id === this.#ownId) {
      return;
    }
    this.#seats.delete(id);
    this.#former.set(id, order);
    const [oldest] = this.#former.keys();
    if (this.#former.size > MAX_FORMER && oldest !== undefined) {
      this.#former.delete(oldest);
    }
  }

  /** Takes the seat of somebody who will not come back. */
  depart(id: string): void {
    this.remove(id);
    this.#former.delete(id);
    this.#departed.add(id);
    const [oldest] = this.#departed;
    if (this.#departed.size > MAX_FORMER && oldest !== undefined) {
      this.#departed.delete(oldest);
    }
  }

  /** This member's place in the succession to `absentId`, from 0. */
  rankWithout(absentId: string): number {
    return this.seats.filter(({ id }) => id !== absentId).findIndex(({ id }) => id === this.#ownId);
  }
}

function bySeniority(a: Seat, b: Seat): number {
  return a.order - b.order || (a.id < b.id ? -1 : 1);
}
