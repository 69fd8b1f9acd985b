import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { random } from "../../lib/core/mod.ts";
import {
  aboutZ,
  compose,
  randomAngles,
  rotate,
  type Rotation,
  rotationOf,
} from "../../lib/simulation/orientation.ts";
import { cyclic, dihedral, ICOSAHEDRAL, OCTAHEDRAL, PHI } from "../../lib/simulation/symmetry.ts";

const UP = { x: 0, y: 0, z: 1, sigmaA: 1, massKda: 1 };

function determinant([a, b, c]: Rotation): number {
  return a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) +
    a[2] * (b[0] * c[1] - b[1] * c[0]);
}

function isIn(group: readonly Rotation[], wanted: Rotation): boolean {
  return group.some((rotation) =>
    rotation.flat().every((value, i) => Math.abs(value - wanted.flat()[i]) < 1e-9)
  );
}

Deno.test("symmetry groups are distinct proper rotations, and products stay in them", () => {
  const groups = [[cyclic(5), 5], [dihedral(7), 14], [OCTAHEDRAL, 24], [ICOSAHEDRAL, 60]] as const;
  for (const [group, order] of groups) {
    assertEquals(group.length, order);
    for (const [i, rotation] of group.entries()) {
      assertAlmostEquals(determinant(rotation), 1, 1e-9);
      assert(!isIn(group.slice(0, i), rotation));
      assert(isIn(group, compose(group[(7 * i + 3) % order], rotation)));
    }
  }
});

Deno.test("the icosahedral group moves a vertex to the twelve vertices only", () => {
  const vertex = { x: 0, y: 1, z: PHI, sigmaA: 1, massKda: 1 };
  const places = ICOSAHEDRAL.map((rotation) => rotate(vertex, rotation));
  const keys = places.map(({ x, y, z }) => [x, y, z].map((v) => v.toFixed(6)).join());
  assertEquals(new Set(keys.map((key) => key.replaceAll("-0.000000", "0.000000"))).size, 12);
});

Deno.test("Euler angles turn about z, then tilt the axis, then turn in the plane", () => {
  const tilted = rotate(UP, rotationOf({ rotDeg: 77, tiltDeg: 40, psiDeg: 0 }));
  assertAlmostEquals(tilted.z, Math.cos(40 * Math.PI / 180), 1e-12);
  const plane = rotationOf({ rotDeg: 30, tiltDeg: 0, psiDeg: 45 });
  const expected = aboutZ(-75 * Math.PI / 180).flat();
  plane.flat().forEach((value, i) => assertAlmostEquals(value, expected[i], 1e-12));
});

Deno.test("random rotations turn the beam's axis to everywhere equally", () => {
  const draw = random(2);
  const heights = Array.from(
    { length: 4000 },
    () => rotate(UP, rotationOf(randomAngles(draw))).z,
  );
  // A uniform direction has a uniform height: mean 0, variance 1/3 (± 4 standard errors).
  const mean = heights.reduce((sum, z) => sum + z) / heights.length;
  const variance = heights.reduce((sum, z) => sum + z * z, 0) / heights.length;
  assertAlmostEquals(mean, 0, 4 * Math.sqrt(1 / 3 / 4000));
  assertAlmostEquals(variance, 1 / 3, 4 * Math.sqrt(4 / 45 / 4000));
  assertNotEquals(randomAngles(draw), randomAngles(draw));
});

Deno.test("a range of the tilt's cosine is kept", () => {
  const draw = random(3);
  for (let i = 0; i < 100; i++) {
    const { tiltDeg } = randomAngles(draw, [-0.5, 0.5]);
    assert(tiltDeg >= 60 && tiltDeg <= 120);
  }
});
