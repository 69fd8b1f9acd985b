/** What a thread of a crew is at, which all threads see; only who finds it free may take it. */
export const PRESENCE = { absent: 0, coming: 1, free: 2, taken: 3 };

/** Milliseconds that a thread waits for work, and for which it keeps a program from its end. */
export const PATIENCE = 1000;

/** Changes what a thread is at, if it is what it should be; whether it was. */
export function change(
  presence: Int32Array<SharedArrayBuffer>,
  thread: number,
  from: keyof typeof PRESENCE,
  to: keyof typeof PRESENCE,
): boolean {
  return Atomics.compareExchange(presence, thread, PRESENCE[from], PRESENCE[to]) === PRESENCE[from];
}
