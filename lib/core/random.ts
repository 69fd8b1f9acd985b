import { unsafeUniformIntDistribution, xoroshiro128plus } from "pure-rand";

/** A stream of seeded random numbers; the same seed and keys give the same stream everywhere. */
export interface Random {
  /** A float in [0, 1) with 32 random bits. */
  uniform(): number;
  /** A float in [low, high). */
  between(low: number, high: number): number;
  /** An integer in [0, count). */
  integer(count: number): number;
  /** A standard normal float (Box–Muller). */
  normal(): number;
  /** A shuffled copy (Fisher–Yates). */
  shuffle<T>(items: readonly T[]): T[];
}

/**
 * Opens the random stream of a seed and any keys (an epoch, an index).
 *
 * Streams named by keys make resuming simple: step 900 draws the same numbers whether or not the
 * steps before it ran in this process.
 *
 * @example
 * ```ts
 * import { random } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(random(1, 900).uniform(), random(1, 900).uniform());
 * ```
 */
export function random(seed: number, ...keys: number[]): Random {
  const generator = xoroshiro128plus([seed, ...keys].reduce(mix, 0x9e3779b9));
  const integer = (count: number) => unsafeUniformIntDistribution(0, count - 1, generator);
  const uniform = () => (generator.unsafeNext() >>> 0) / 2 ** 32;
  return {
    uniform,
    integer,
    between: (low, high) => low + (high - low) * uniform(),
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    shuffle: (items) => {
      const copy = [...items];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = integer(i + 1);
        [copy[i], copy[j]] = [copy[j], copy[i]];
      }
      return copy;
    },
  };
}

/** Folds one more key into a 32-bit seed (the finalizer of MurmurHash3). */
function mix(hash: number, key: number): number {
  let h = hash ^ Math.imul(key | 0, 0xcc9e2d51);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) | 0;
}
