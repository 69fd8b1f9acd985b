import { random } from "../../core/mod.ts";
import { aboutAxis } from "../orientation.ts";
import { type Gaussian, massOf, type Phantom } from "../phantom.ts";
import { ellipsoid, fill, moved, type Point3, tube } from "../shapes.ts";
import { cyclic, dihedral, symmetrise } from "../symmetry.ts";

const GRAIN = { beadKda: 2.5, sigmaA: 5 };

/** Half the length of the core particle, in Å. */
const CORE_END = 74;

/** The 20S proteasome: a barrel of four rings of seven, 148 Å long and 113 Å wide. */
export function proteasome20S(): Phantom {
  return {
    name: "proteasome-20s",
    title: "20S proteasome",
    diameterA: 160,
    symmetry: "D7",
    source: "28 subunits of 25 kDa in a barrel of 148 × 113 Å with three chambers (Löwe et al. " +
      "1995, Science 268, 533–539; PDB 1PMA)",
    gaussians: coreParticle(),
  };
}

/** One of the three species of 26S proteasome preparations. */
export function proteasome26S(caps: 0 | 1 | 2): Phantom {
  const upper = caps > 0 ? regulatoryParticle() : [];
  const lower = caps > 1 ? symmetrise(upper, [aboutAxis([1, 0, 0], Math.PI)]) : [];
  const length = 2 * CORE_END + caps * CAP_HEIGHT;
  const gaussians = [...coreParticle(), ...upper, ...lower];
  return {
    name: ["cp", "cp-1rp", "cp-2rp"][caps],
    title: ["CP", "CP·1RP", "CP·2RP"][caps],
    diameterA: caps === 0 ? 160 : length,
    symmetry: ["D7", "C1", "C2"][caps],
    source: `core of 28 × 25 kDa, caps of ${Math.round(massOf(upper))} kDa; 150, 300 and 450 Å ` +
      "long with none, one and two caps (Beck et al. 2012, PNAS 109, 14870–14875, EMD-2165; " +
      "Huang et al. 2016, Nat. Struct. Mol. Biol. 23, 778–785, PDB 5GJR)",
    gaussians: moved(gaussians, [0, 0, caps === 1 ? -CAP_HEIGHT / 2 : 0]),
  };
}

/** Rings β and α of one half; the chambers are 53 Å wide in the middle and narrower outside. */
function coreParticle(): Gaussian[] {
  const draw = random(20, 1);
  const beta = fill(ellipsoid([37, 0, 17], [16, 14, 15]), 25, GRAIN, draw);
  const alpha = fill(ellipsoid([35, 4, 55], [18, 14, 15]), 25, GRAIN, draw);
  return symmetrise([...beta, ...alpha], dihedral(7));
}

/** How far a regulatory particle reaches beyond the core, in Å. */
const CAP_HEIGHT = 146;

/** The 19S regulatory particle on the upper end: base with its AAA ring, lid on one side. */
function regulatoryParticle(): Gaussian[] {
  const draw = random(26, 1);
  const part = (centre: Point3, axes: Point3, massKda: number) =>
    fill(ellipsoid(centre, axes), massKda, GRAIN, draw);
  const ring = part([31, 0, CORE_END + 28], [18, 16, 24], 43);
  return [
    ...symmetrise(ring, cyclic(6)),
    ...fill(tube([12, 26], [CORE_END + 52, CORE_END + 76]), 40, GRAIN, draw),
    ...part([-56, -22, 116], [20, 20, 30], 105), // Rpn1
    ...part([4, -6, 182], [26, 26, 26], 106), // Rpn2
    ...part([68, 20, 116], [14, 18, 40], 95), // Rpn5 and Rpn6
    ...part([48, 58, 138], [20, 18, 30], 85), // Rpn9 and Rpn10
    ...part([64, -14, 176], [26, 30, 26], 150), // Rpn3, Rpn7 and Rpn12
    ...part([34, 26, 164], [16, 16, 16], 70), // Rpn8 and Rpn11
  ];
}
