import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { EPickerError, random } from "../../lib/core/mod.ts";
import { blankCanvas } from "../../lib/simulation/canvas.ts";
import { type Gaussian, massOf, PHANTOM_NAMES, phantomNamed } from "../../lib/simulation/mod.ts";
import { rotate, type Rotation, rotationOf } from "../../lib/simulation/orientation.ts";
import { addProjection } from "../../lib/simulation/project.ts";
import { cyclic, dihedral, ICOSAHEDRAL, OCTAHEDRAL } from "../../lib/simulation/symmetry.ts";

const ALL = PHANTOM_NAMES.map(phantomNamed);

/** Published sizes: mass in MDa, length along z and width across in Å. */
const PUBLISHED: Record<string, { mass: number; length: number; width: number }> = {
  "ribosome-80s": { mass: 3.5, length: 250, width: 280 },
  "proteasome-20s": { mass: 0.7, length: 148, width: 113 },
  "apoferritin": { mass: 0.48, length: 122, width: 122 },
  "tcca1": { mass: 1.41, length: 250, width: 190 },
  "nodavirus": { mass: 9.4, length: 345, width: 345 },
  "beta-galactosidase": { mass: 0.465, length: 90, width: 175 },
  "hemagglutinin": { mass: 0.17, length: 135, width: 65 },
  "ms2": { mass: 3.7, length: 275, width: 275 },
  "cng-channel": { mass: 0.38, length: 110, width: 130 },
  "phosphodiesterase": { mass: 0.217, length: 150, width: 108 },
  "cp": { mass: 0.7, length: 148, width: 113 },
  "cp-1rp": { mass: 1.6, length: 300, width: 190 },
  "cp-2rp": { mass: 2.5, length: 450, width: 200 },
};

const GROUPS: Record<string, Rotation[]> = {
  C1: cyclic(1),
  C2: cyclic(2),
  C3: cyclic(3),
  C4: cyclic(4),
  C5: cyclic(5),
  D2: dihedral(2),
  D7: dihedral(7),
  O: OCTAHEDRAL,
  I: ICOSAHEDRAL,
};

/** Density at a point, in kDa per Å³. */
function densityAt(gaussians: readonly Gaussian[], [x, y, z]: number[]): number {
  return gaussians.reduce((sum, { x: gx, y: gy, z: gz, sigmaA, massKda }) => {
    const r2 = (gx - x) ** 2 + (gy - y) ** 2 + (gz - z) ** 2;
    return sum + massKda * (2 * Math.PI * sigmaA ** 2) ** -1.5 * Math.exp(-r2 / (2 * sigmaA ** 2));
  }, 0);
}

/** Extent along an axis of all that is within 1.5 standard deviations of a blob's centre, in Å. */
function extent(gaussians: readonly Gaussian[], axis: "x" | "y" | "z"): number {
  const ends = gaussians.flatMap((g) => [g[axis] - 1.5 * g.sigmaA, g[axis] + 1.5 * g.sigmaA]);
  return Math.max(...ends) - Math.min(...ends);
}

Deno.test("every phantom has the published mass, length and width", () => {
  assertEquals(Object.keys(PUBLISHED), [...PHANTOM_NAMES]);
  for (const { name, gaussians, source } of ALL) {
    const { mass, length, width } = PUBLISHED[name];
    assertAlmostEquals(massOf(gaussians) / 1000 / mass, 1, 0.03, name);
    assertAlmostEquals(extent(gaussians, "z") / length, 1, 0.12, `${name}: length`);
    const across = Math.max(extent(gaussians, "x"), extent(gaussians, "y"));
    assertAlmostEquals(across / width, 1, 0.15, `${name}: width`);
    assert(/\d{4}/.test(source), `${name} cites nothing`);
  }
});

/** The group of a phantom; the caps of CP·2RP are exchanged by a half turn about x. */
function groupOf(name: string, symmetry: string): Rotation[] {
  if (name === "cp-2rp") return [dihedral(1)[0], dihedral(1)[1]];
  return GROUPS[symmetry];
}

/** What of a virus is symmetric: its shell, not the genome within. */
function shellOf(gaussians: readonly Gaussian[], symmetry: string): readonly Gaussian[] {
  return symmetry === "I"
    ? gaussians.filter(({ x, y, z }) => Math.hypot(x, y, z) > 117)
    : gaussians;
}

Deno.test("every phantom has its symmetry", () => {
  const points = [[21, 14, 33], [-35, 8, -12], [5, -52, 20], [60, 30, 90], [90, -70, 70]];
  for (const { name, symmetry, gaussians } of ALL) {
    const matter = shellOf(gaussians, symmetry);
    const largest = Math.max(...points.map((point) => densityAt(matter, point)));
    for (const point of points) {
      const here = densityAt(matter, point);
      for (const rotation of groupOf(name, symmetry)) {
        const there = rotation.map((row) => row.reduce((sum, v, i) => sum + v * point[i], 0));
        assertAlmostEquals(densityAt(matter, there) / largest, here / largest, 1e-9, name);
      }
    }
  }
});

Deno.test("a rotation that is not in its group changes a phantom", () => {
  const turn = rotationOf({ rotDeg: 31, tiltDeg: 0, psiDeg: 0 });
  for (const { name, gaussians } of ALL) {
    const turned = gaussians.map((blob) => rotate(blob, turn));
    const differs = gaussians.some(({ x, y, z }) => {
      const [a, b] = [densityAt(gaussians, [x, y, z]), densityAt(turned, [x, y, z])];
      return Math.abs(a - b) > 0.2 * a;
    });
    assert(differs, name);
  }
});

Deno.test("seen from any side no phantom is wider than its diameter, nor much smaller from all", () => {
  for (const { name, diameterA, gaussians } of ALL) {
    const radii = [[0, 0, 0], [0, 90, 0], [90, 90, 0], [40, 55, 20]].map((
      [rotDeg, tiltDeg, psiDeg],
    ) => projectedRadius(gaussians, diameterA, rotationOf({ rotDeg, tiltDeg, psiDeg })));
    for (const radius of radii) assert(radius <= 0.53 * diameterA, `${name}: ${radius} Å`);
    assert(Math.max(...radii) >= 0.4 * diameterA, `${name}: ${radii}`);
  }
});

/** Radius of the circle that holds 99 % of a projection's mass, in Å. */
function projectedRadius(
  gaussians: readonly Gaussian[],
  diameterA: number,
  rotation: Rotation,
): number {
  const size = 96;
  const pixelSizeA = 1.5 * diameterA / size;
  const canvas = blankCanvas(size, pixelSizeA);
  addProjection(canvas, gaussians, { centre: { x: size / 2, y: size / 2 }, rotation });
  const rings = new Float64Array(size);
  canvas.pixels.forEach((value, i) => {
    rings[Math.round(Math.hypot(i % size - size / 2, Math.floor(i / size) - size / 2))] += value;
  });
  let rest = 0.99 * rings.reduce((sum, value) => sum + value);
  return pixelSizeA * rings.findIndex((ring) => (rest -= ring) <= 0);
}

Deno.test("apoferritin and the viruses are shells; the proteasome has a channel", () => {
  for (const [name, hole, wall] of [["apoferritin", 0, 50], ["nodavirus", 60, 140]] as const) {
    const { gaussians } = phantomNamed(name);
    const mean = (radius: number) => {
      const places = [[1, 0, 0], [0, 0.6, 0.8], [0.48, 0.6, -0.64], [-0.8, 0, 0.6]];
      const values = places.map((at) => densityAt(gaussians, at.map((v) => v * radius)));
      return values.reduce((sum, value) => sum + value) / values.length;
    };
    assert(mean(hole) < 0.4 * mean(wall), name);
  }
  const { gaussians } = phantomNamed("proteasome-20s");
  assert(densityAt(gaussians, [0, 0, 20]) < 0.1 * densityAt(gaussians, [38, 0, 18]));
});

Deno.test("matter is about as dense as protein or RNA", () => {
  // 0.81 kDa per 1000 Å³ for protein, up to 1.1 for RNA: within the surface where the density is
  // half of that lies most of the mass.
  const draw = random(1);
  for (const { name, diameterA, gaussians } of ALL) {
    const half = diameterA / 2;
    const points = Array.from(
      { length: 2000 },
      () => [-half, -half, -half].map((v) => draw.between(v, -v)),
    );
    const inside = points.map((point) => 1000 * densityAt(gaussians, point)).filter((v) => v > 0.4);
    const mean = inside.reduce((sum, value) => sum + value, 0) / inside.length;
    const share = inside.length / points.length * diameterA ** 3 * mean / 1000 / massOf(gaussians);
    assert(share > 0.65 && share < 1.1, `${name}: ${share.toFixed(2)} of the mass`);
    assert(mean > 0.65 && mean < 1.4, `${name}: ${mean.toFixed(2)} kDa per 1000 Å³`);
  }
});

Deno.test("the proteasome's species share their core and differ in their caps", () => {
  const [core, one, two] = ["cp", "cp-1rp", "cp-2rp"].map(phantomNamed);
  const [a, b, c] = [core, one, two].map(({ gaussians }) => massOf(gaussians));
  assertAlmostEquals(b - a, c - b, 1e-6);
  assert(core.diameterA < one.diameterA && one.diameterA < two.diameterA);
});

Deno.test("an unknown name is told, with the known ones", () => {
  const error = assertThrows(() => phantomNamed("ribosome"), EPickerError);
  assertEquals(error.code, "bad-option");
  assert(error.message.includes("ribosome-80s"));
});
