import { assertAlmostEquals } from "@std/assert";
import fc from "fast-check";
import { addProjection } from "../../lib/simulation/project.ts";

const size = 64;

function project(sigmaA: number, mass: number, at: { x: number; y: number }, pixelSizeA = 2) {
  const canvas = { size, pixelSizeA, pixels: new Float32Array(size * size) };
  addProjection(canvas, [{ x: 0, y: 0, z: 5, sigmaA, mass }], at);
  return canvas.pixels;
}

Deno.test("a Gaussian's projection integrates to its mass", () => {
  fc.assert(fc.property(
    fc.double({ min: 1.3, max: 9, noNaN: true }),
    fc.double({ min: 30, max: 34, noNaN: true }),
    fc.double({ min: 0.1, max: 50, noNaN: true }),
    (sigmaA, x, mass) => {
      const pixels = project(sigmaA, mass, { x, y: 31.3 });
      const integral = pixels.reduce((sum, value) => sum + value * 2 * 2, 0);
      assertAlmostEquals(integral / mass, 1, 2e-3);
    },
  ));
});

Deno.test("the peak of a projection is mass / (2 π σ²), a standard deviation off it is e^-½ of it", () => {
  const pixels = project(6, 10, { x: 20, y: 30 });
  const peak = 10 / (2 * Math.PI * 36);
  assertAlmostEquals(pixels[30 * size + 20], peak, 1e-7);
  assertAlmostEquals(pixels[30 * size + 23], peak * Math.exp(-0.5), 1e-7);
  assertAlmostEquals(pixels[33 * size + 20], peak * Math.exp(-0.5), 1e-7);
});

Deno.test("what falls off the image is lost and nothing wraps around", () => {
  const pixels = project(6, 10, { x: -0.5, y: 30 });
  assertAlmostEquals(pixels.reduce((sum, value) => sum + value * 4, 0), 5, 0.01);
  assertAlmostEquals(pixels[30 * size + size - 1], 0, 1e-12);
});
