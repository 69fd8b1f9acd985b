import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { random } from "../../lib/core/mod.ts";

const DRAWS = 20_000;

function draws(draw: () => number, count = DRAWS): number[] {
  return Array.from({ length: count }, draw);
}

/** Mean of (value − about) to a power. */
function moment(values: number[], power: number, about = 0): number {
  return values.reduce((sum, value) => sum + (value - about) ** power, 0) / values.length;
}

Deno.test("the same seed and keys give the same stream", () => {
  const key = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
  fc.assert(fc.property(key, fc.array(key, { maxLength: 3 }), (seed, keys) => {
    const [a, b] = [random(seed, ...keys), random(seed, ...keys)];
    for (let i = 0; i < 5; i++) {
      assertEquals(
        [a.uniform(), a.normal(), a.integer(9), a.between(-1, 1), a.shuffle([1, 2, 3])],
        [b.uniform(), b.normal(), b.integer(9), b.between(-1, 1), b.shuffle([1, 2, 3])],
      );
    }
  }));
});

Deno.test("a uniform float is 32 random bits", () => {
  const bits = draws(random(317, 5).uniform, 1000).map((value) => value * 2 ** 32);
  assert(bits.every(Number.isInteger));
  for (let bit = 0; bit < 32; bit++) {
    const set = bits.filter((value) => Math.floor(value / 2 ** bit) % 2 === 1).length;
    assertAlmostEquals(set, 500, 70, `bit ${bit}`);
  }
});

Deno.test("other seeds, other keys and other orders of keys give other streams", () => {
  const streams = [[], [1], [2], [1, 2], [2, 1], [0], [0, 0], [900], [901]];
  const firsts = [0, 1, 2, 317].flatMap((seed) =>
    streams.map((keys) => draws(random(seed, ...keys).uniform, 4).join())
  );
  assertEquals(new Set(firsts).size, firsts.length);
  assertNotEquals(random(1, 2).uniform(), random(2, 1).uniform());
});

Deno.test("streams of neighbouring keys are not correlated", () => {
  const first = Array.from({ length: DRAWS }, (_, key) => random(7, key).uniform());
  assertAlmostEquals(moment(first, 1), 0.5, 0.01);
  const lagged = first.slice(1).map((value, i) => (value - 0.5) * (first[i] - 0.5));
  assertAlmostEquals(moment(lagged, 1), 0, 4 / 12 / Math.sqrt(DRAWS));
});

Deno.test("uniform floats have the moments of the uniform distribution", () => {
  const values = draws(random(1).uniform);
  assert(values.every((value) => value >= 0 && value < 1));
  assertAlmostEquals(moment(values, 1), 1 / 2, 0.01);
  assertAlmostEquals(moment(values, 2, 0.5), 1 / 12, 0.002);
  const stream = random(2);
  const wide = draws(() => stream.between(-3, 5));
  assert(wide.every((value) => value >= -3 && value < 5));
  assertAlmostEquals(moment(wide, 1), 1, 0.08);
});

Deno.test("normal floats have the moments of the normal distribution", () => {
  const values = draws(random(3).normal);
  assert(values.every(Number.isFinite));
  [0, 1, 0, 3].forEach((expected, i) => {
    const spread = Math.sqrt([1, 2, 15, 96][i] / DRAWS);
    assertAlmostEquals(moment(values, i + 1), expected, 4 * spread);
  });
  const beyond = values.filter((value) => Math.abs(value) > 2).length / DRAWS;
  assertAlmostEquals(beyond, 0.0455, 0.006);
});

Deno.test("integers are in range and equally frequent", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 2 ** 31 }), fc.integer(), (count, seed) => {
    const value = random(seed).integer(count);
    assert(Number.isInteger(value) && value >= 0 && value < count);
  }));
  const stream = random(4);
  const counts = new Array(7).fill(0);
  draws(() => stream.integer(7)).forEach((value) => counts[value]++);
  const chiSquare = counts.reduce((sum, n) => sum + (n - DRAWS / 7) ** 2 / (DRAWS / 7), 0);
  assert(chiSquare < 22.46, `${chiSquare}`); // 6 degrees of freedom, 0.1 %
});

Deno.test("shuffle gives a permutation, all orders alike, and leaves its argument alone", () => {
  fc.assert(fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
    const before = [...items];
    const shuffled = random(seed).shuffle(items);
    assertEquals(items, before);
    assertEquals(shuffled.toSorted((a, b) => a - b), before.toSorted((a, b) => a - b));
  }));
  const stream = random(5);
  const orders = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const order = stream.shuffle(["a", "b", "c"]).join("");
    orders.set(order, (orders.get(order) ?? 0) + 1);
  }
  assertEquals(orders.size, 6);
  for (const count of orders.values()) assertAlmostEquals(count, 1000, 120);
});
