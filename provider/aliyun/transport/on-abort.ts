const callbacksOf = new WeakMap<AbortSignal, (() => void)[]>();

/**
 * Calls `callback` when the signal aborts; the result forgets it. For many short waits on one long-lived signal: that gets
 * one listener however many come, and they stand in an array. Node keeps listeners in a linked list and V8 keeps replaced
 * tables of a Set linked to their successors; in either, what was removed long ago keeps what came after it from the
 * collection of young garbage, and an upload of a terabyte grows to the limits of the heap. (Seen on Node 20 with
 * --trace-gc-nvp: 0.7 MB promoted at each scavenge, 0.07 MB with the array.)
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const callbacks = callbacksOf.get(signal) ?? listenTo(signal);
  callbacks.push(callback);
  return () => {
    const index = callbacks.indexOf(callback);
    if (index >= 0) callbacks.splice(index, 1);
  };
}

function listenTo(signal: AbortSignal): (() => void)[] {
  const callbacks: (() => void)[] = [];
  callbacksOf.set(signal, callbacks);
  signal.addEventListener(
    "abort",
    () => {
      for (const callback of callbacks.splice(0)) callback();
    },
    { once: true },
  );
  return callbacks;
}
