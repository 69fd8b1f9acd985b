import { assertAlmostEquals } from "@std/assert";
import fc from "fast-check";
import { rotate, rotationOf } from "../../lib/simulation/orientation.ts";
import { addProjection } from "../../lib/simulation/project.ts";

const size = 64;

function project(sigmaA: number, mass: number, at: { x: number; y: number }, pixelSizeA = 2) {
  const canvas = { size, pixelSizeA, pixels: new Float32Array(size * size) };
  const blob = { x: 0, y: 0, z: 5, sigmaA, massKda: mass };
  addProjection(canvas, [blob], { centre: at });
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

Deno.test("narrow Gaussians keep their mass", () => {
  const pixels = project(0.5, 10, { x: 30.37, y: 31.81 });
  assertAlmostEquals(pixels.reduce((sum, value) => sum + value * 4, 0), 10, 0.02);
});

Deno.test("turned Gaussians lie where the rotation brings them, times the unit", () => {
  const [canvas, straight] = [0, 1].map(() => ({
    size,
    pixelSizeA: 2,
    pixels: new Float32Array(size * size),
  }));
  const blob = { x: 8, y: -6, z: 20, sigmaA: 5, massKda: 3 };
  const rotation = rotationOf({ rotDeg: 20, tiltDeg: 70, psiDeg: -50 });
  const centre = { x: 30.5, y: 33 };
  addProjection(canvas, [blob], { centre, rotation, unit: 2 });
  addProjection(straight, [rotate({ ...blob, massKda: 6 }, rotation)], { centre });
  canvas.pixels.forEach((value, i) => assertAlmostEquals(value, straight.pixels[i], 1e-6));
});
