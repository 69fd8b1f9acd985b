import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { random } from "../../lib/core/mod.ts";
import {
  apoferritinLike,
  betaGalactosidaseLike,
  channelLike,
  type Gaussian,
  ribosomeLike,
} from "../../lib/simulation/mod.ts";
import { randomRotation, rotate } from "../../lib/simulation/orientation.ts";
import { C4, D2, OCTAHEDRAL } from "../../lib/simulation/symmetry.ts";

const distance = ({ x, y, z }: Gaussian) => Math.hypot(x, y, z);

Deno.test("symmetry groups are distinct proper rotations", () => {
  for (const [group, order] of [[OCTAHEDRAL, 24], [D2, 4], [C4, 4]] as const) {
    assertEquals(
      new Set(group.map((rotation) => String(rotation.flat().map((v) => v + 0)))).size,
      order,
    );
    for (const [a, b, c] of group) {
      const determinant = a[0] * (b[1] * c[2] - b[2] * c[1]) -
        a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0]);
      assertEquals(determinant, 1);
    }
  }
});

Deno.test("random rotations keep lengths and angles and differ", () => {
  const draw = random(1);
  for (let i = 0; i < 50; i++) {
    const [a, b, c] = randomRotation(draw);
    for (
      const [u, v, expected] of [[a, a, 1], [b, b, 1], [c, c, 1], [a, b, 0], [b, c, 0]] as const
    ) {
      assertAlmostEquals(u[0] * v[0] + u[1] * v[1] + u[2] * v[2], expected, 1e-12);
    }
  }
  assertNotEquals(randomRotation(draw), randomRotation(draw));
});

Deno.test("random rotations turn the beam's axis to everywhere equally", () => {
  const draw = random(2);
  const axis: Gaussian = { x: 0, y: 0, z: 1, sigmaA: 1, mass: 1 };
  const heights = Array.from({ length: 4000 }, () => rotate(axis, randomRotation(draw)).z);
  // A uniform direction has a uniform height: mean 0, variance 1/3 (± 4 standard errors).
  const mean = heights.reduce((sum, z) => sum + z) / heights.length;
  const variance = heights.reduce((sum, z) => sum + z * z, 0) / heights.length;
  assertAlmostEquals(mean, 0, 4 * Math.sqrt(1 / 3 / 4000));
  assertAlmostEquals(variance, 1 / 3, 4 * Math.sqrt(4 / 45 / 4000));
});

Deno.test("apoferritin is hollow and no particle is larger than its diameter", () => {
  const phantoms = [apoferritinLike(), betaGalactosidaseLike(), channelLike(), ribosomeLike()];
  for (const { name, diameterA, gaussians } of phantoms) {
    const largest = Math.max(...gaussians.map(distance));
    assert(largest <= diameterA / 2 * 1.02, `${name}: ${largest}`);
    assert(largest >= diameterA / 2 * 0.7, `${name}: ${largest}`);
  }
  assert(Math.min(...phantoms[0].gaussians.map(distance)) > 40);
});

Deno.test("a seed makes the same phantom, another seed another one", () => {
  assertEquals(ribosomeLike(4), ribosomeLike(4));
  assertNotEquals(ribosomeLike(4), ribosomeLike(5));
});
