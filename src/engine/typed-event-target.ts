/** An event whose payload fields are properties of the event object itself. */
export type TypedEvent<Payload> = Event & Readonly<Payload>;

/** Options of a listener; `signal` removes the listener when it aborts. */
export type ListenerOptions = { readonly signal?: AbortSignal; readonly once?: boolean };

/**
 * Event names mapped to payload types, over the platform's EventTarget. A listener gets an event with the payload's
 * fields on it: `room.addEventListener("peer-joined", ({ peer }) => …)`. A listener that throws is reported by the
 * platform and does not disturb the others.
 */
export class TypedEventTarget<Events extends Record<keyof Events, object>> {
  readonly #target = new EventTarget();

  /** Calls `listener` for every event of `type` until it is removed or `options.signal` aborts. */
  addEventListener<Type extends keyof Events & string>(
    type: Type,
    listener: (event: TypedEvent<Events[Type]>) => void,
    options?: ListenerOptions,
  ): void {
    this.#target.addEventListener(type, listener as EventListener, options);
  }

  /** Undoes `addEventListener` with the same type and listener. */
  removeEventListener<Type extends keyof Events & string>(
    type: Type,
    listener: (event: TypedEvent<Events[Type]>) => void,
  ): void {
    this.#target.removeEventListener(type, listener as EventListener);
  }

  /** For subclasses: tells all listeners of `type`. */
  protected emit<Type extends keyof Events & string>(type: Type, payload: Events[Type]): void {
    this.#target.dispatchEvent(Object.assign(new Event(type), payload));
  }
}
