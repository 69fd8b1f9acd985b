import { random } from "../../core/mod.ts";
import { aboutAxis, rotate } from "../orientation.ts";
import type { Gaussian, Phantom } from "../phantom.ts";
import { ellipsoid, fill, type Point3, shell } from "../shapes.ts";
import { ICOSAHEDRAL, PHI, symmetrise } from "../symmetry.ts";

/** A nodavirus: a thick icosahedral shell of 180 proteins with 60 bumps around coiled RNA. */
export function nodavirus(): Phantom {
  const grain = { beadKda: 8, sigmaA: 6 };
  const capsid = capsidT3({ radiusA: 144, axes: [17, 17, 17], subunitKda: 40, grain, seed: 1 });
  const bumps = capsidT3({
    radiusA: 166,
    axes: [7, 7, 6],
    subunitKda: 4,
    grain,
    seed: 2,
    trefoil: 0.35,
  });
  return {
    name: "nodavirus",
    title: "Noda virus",
    diameterA: 345,
    symmetry: "I",
    source: "T = 3, 180 proteins of 44 kDa, RNA of 4.5 kb (1.5 MDa); 120 to 150 Å shell, bumps " +
      "to 175 Å (Cheng et al. 1994, Structure 2, 271–282; PDB 1NOV)",
    gaussians: [
      ...capsid,
      ...bumps,
      ...fill(shell(98, 116), 700, { beadKda: 6, sigmaA: 6 }, random(203, 3)),
      ...fill(shell(30, 98), 800, { beadKda: 6, sigmaA: 6 }, random(203, 4)),
    ],
  };
}

/** Phage MS2: a thin icosahedral shell of 180 small proteins around its RNA. */
export function phageMs2(): Phantom {
  const grain = { beadKda: 4.5, sigmaA: 5 };
  return {
    name: "ms2",
    title: "phage MS2",
    diameterA: 280,
    symmetry: "I",
    source: "T = 3, 178 proteins of 13.7 kDa and a maturation protein of 44 kDa in a shell of " +
      "about 110 to 138 Å, RNA of 3.6 kb (1.2 MDa) (Golmohammadi et al. 1993, J. Mol. Biol. " +
      "234, 620–639, PDB 2MS2; Koning et al. 2016, Nat. Commun. 7, 12524)",
    gaussians: [
      ...capsidT3({ radiusA: 124, axes: [13, 13, 8], subunitKda: 13.9, grain, seed: 3 }),
      ...fill(shell(88, 108), 600, { beadKda: 6, sigmaA: 6 }, random(75, 1)),
      ...fill(shell(20, 86), 600, { beadKda: 6, sigmaA: 6 }, random(75, 2)),
    ],
  };
}

/** What {@linkcode capsidT3} needs to know. */
interface Capsid {
  /** Distance of the subunits' centres from the origin, in Å. */
  radiusA: number;
  /** Half axes of a subunit in Å: two along the shell, one outwards. */
  axes: Point3;
  /** Mass of each of the 180 subunits. */
  subunitKda: number;
  grain: { beadKda: number; sigmaA: number };
  seed: number;
  /** How far from its quasi-three-fold axis a subunit lies, 1 on the way to its capsomer. */
  trefoil?: number;
}

/**
 * A shell of triangulation number 3: 60 trimers of quasi-equivalent subunits, each trimer between a
 * vertex of the icosahedron and two of its faces (Caspar and Klug 1962).
 */
function capsidT3({ radiusA, axes, subunitKda, grain, seed, trefoil = 0.62 }: Capsid): Gaussian[] {
  const draw = random(3, seed);
  const vertex: Point3 = unit([0, 1, PHI]);
  const faces = [unit([1, 1, 1]), unit([PHI - 1, 0, PHI])];
  const capsomers = [vertex, ...faces];
  const axis = unit(sumOf(capsomers));
  const trimer = capsomers.flatMap((capsomer) => {
    const direction = unit(axis.map((value, i) => value + trefoil * (capsomer[i] - value)));
    const upright = fill(ellipsoid([0, 0, radiusA], axes), subunitKda, grain, draw);
    return upright.map((blob) => rotate(blob, fromZTo(direction)));
  });
  return symmetrise(trimer, ICOSAHEDRAL);
}

function unit(vector: readonly number[]): Point3 {
  const length = Math.hypot(...vector);
  return [vector[0] / length, vector[1] / length, vector[2] / length];
}

function sumOf(vectors: readonly Point3[]): number[] {
  return [0, 1, 2].map((i) => vectors.reduce((sum, vector) => sum + vector[i], 0));
}

/** The shortest rotation that brings the z axis to a direction. */
function fromZTo([x, y, z]: Point3) {
  return aboutAxis([-y, x, 0], Math.acos(z));
}
