/**
 * Finds listeners that are left behind on a signal.
 *
 * @module
 */

/** A signal whose listeners are counted. */
interface CountedSignal {
  readonly signal: AbortSignal;
  /** Listeners added and not removed again. */
  readonly listeners: number;
}

/** Counts the listeners that are added to and removed from a signal. */
export function countListeners(signal: AbortSignal): CountedSignal {
  let listeners = 0;
  const counting = new Proxy(signal, {
    get(target, property) {
      if (property === "addEventListener") listeners++;
      if (property === "removeEventListener") listeners--;
      const value = Reflect.get(target, property);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return {
    signal: counting,
    get listeners() {
      return listeners;
    },
  };
}
