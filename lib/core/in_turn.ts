/** Runs tasks one after another in the order of the calls, whether or not those before failed. */
export type InTurn = <T>(task: () => Promise<T>) => Promise<T>;

/**
 * Makes a queue for something that can do one thing at a time.
 *
 * @example
 * ```ts
 * import { inTurn } from "@epicker/epicker/core";
 * import { assertEquals } from "@std/assert";
 *
 * const queue = inTurn();
 * const slow = queue(async () => (await Promise.resolve(), 1));
 * assertEquals(await Promise.all([slow, queue(() => Promise.resolve(2))]), [1, 2]);
 * ```
 */
export function inTurn(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const turn = last.then(task);
    last = turn.then(() => {}, () => {}); // keeps neither results nor failures
    return turn;
  };
}
