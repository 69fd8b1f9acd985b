import { assertAlmostEquals, assertEquals } from "@std/assert";
import { spreadElectrons } from "../../lib/simulation/detector.ts";

const SIZE = 32;

Deno.test("a detector spreads one electron to a Gaussian and loses nothing", () => {
  const pixels = new Float32Array(SIZE * SIZE);
  pixels[16 * SIZE + 10] = 1;
  spreadElectrons(pixels, SIZE, 1.5);
  assertAlmostEquals(pixels.reduce((sum, value) => sum + value, 0), 1, 1e-5);
  const centre = pixels[16 * SIZE + 10];
  assertAlmostEquals(pixels[16 * SIZE + 12] / centre, Math.exp(-4 / 4.5), 1e-5);
  assertAlmostEquals(pixels[17 * SIZE + 11] / centre, Math.exp(-2 / 4.5), 1e-5);
});

Deno.test("an even image stays even to its borders, and a spread of 0 changes nothing", () => {
  const even = new Float32Array(SIZE * SIZE).fill(7);
  spreadElectrons(even, SIZE, 2);
  for (const value of even) assertAlmostEquals(value, 7, 1e-5);
  const ramp = Float32Array.from({ length: SIZE * SIZE }, (_, i) => i);
  const before = ramp.slice();
  spreadElectrons(ramp, SIZE, 0);
  assertEquals(ramp, before);
});
