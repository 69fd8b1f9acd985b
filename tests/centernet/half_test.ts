import { assert, assertEquals } from "@std/assert";
import { fromHalf, isFiniteHalf, toHalf } from "../../lib/centernet/half.ts";
import { random } from "../../lib/core/mod.ts";

/** The same by Deno's own type, which Node 20 and older browsers lack. */
const builtIn = {
  from: (halves: Uint16Array<ArrayBuffer>) => Float32Array.from(new Float16Array(halves.buffer)),
  to: (values: Float32Array) => new Uint16Array(Float16Array.from(values).buffer),
};

/** Every bit pattern of 16. */
const ALL = Uint16Array.from({ length: 65536 }, (_, i) => i);

const bitsOf = (values: Float32Array<ArrayBuffer>) => new Uint32Array(values.buffer);

Deno.test("every float16 becomes the float32 of the same value, and comes back", () => {
  const values = fromHalf(ALL);
  assertEquals(values, builtIn.from(ALL)); // NaN where that is NaN, −0 where that is −0
  const numbers = ALL.filter((half) => !Number.isNaN(values[half]));
  assertEquals(toHalf(values.filter((value) => !Number.isNaN(value))), numbers);
  assert(fromHalf(toHalf(Float32Array.of(NaN, -NaN))).every(Number.isNaN));
});

Deno.test("numbers between two float16 go to the nearer, in the middle to the even one", () => {
  const between: number[] = [];
  for (const sign of [1, -1]) {
    const steps = fromHalf(ALL.subarray(0, 0x7c00));
    for (const [i, low] of steps.entries()) {
      const middle = (low + (steps[i + 1] ?? 65536)) / 2; // exact: float32 has more bits
      const one = Float32Array.of(middle);
      bitsOf(one)[0]++;
      const [above] = one;
      bitsOf(one)[0] -= 2;
      between.push(sign * middle, sign * above, sign * one[0]);
    }
  }
  const values = Float32Array.from(between);
  assertEquals(toHalf(values), builtIn.to(values));
  assertEquals(toHalf(Float32Array.of(65519, 65520)), Uint16Array.of(0x7bff, 0x7c00));
});

Deno.test("drawn bits of float32 round as Deno rounds them", () => {
  const stream = random(16);
  const bits = Uint32Array.from({ length: 200_000 }, () => 2 ** 32 * stream.uniform());
  const drawn = new Float32Array(bits.buffer);
  const near = Float32Array.from(drawn, () => 2 ** (40 * stream.uniform() - 28)); // of float16
  for (const values of [drawn.filter((value) => !Number.isNaN(value)), near]) {
    assertEquals(toHalf(values), builtIn.to(values));
  }
});

Deno.test("the bits of infinities and NaN are no number's", () => {
  const values = builtIn.from(ALL);
  assertEquals(ALL.filter(isFiniteHalf), ALL.filter((half) => Number.isFinite(values[half])));
});
