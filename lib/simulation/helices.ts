import { EPickerError } from "../core/mod.ts";

/** A blob of a helix's subunit, about the centre line. */
export interface HelixBlob {
  /** Distance from the centre line in Å. */
  radiusA: number;
  /** Place along the centre line in Å, from the subunit's. */
  axialA: number;
  /** Turn about the centre line in degrees, from the subunit's. */
  turnDeg: number;
  /** Standard deviation in Å. */
  sigmaA: number;
  /** Mass in kDa. */
  massKda: number;
}

/** A helix: one subunit, repeated by a screw. */
export interface Helix {
  /** Short name. */
  name: string;
  /** Name for tables. */
  title: string;
  /** Width in Å. */
  diameterA: number;
  /** Step along the centre line from one subunit to the next, in Å. */
  riseA: number;
  /** Turn from one subunit to the next, in degrees. */
  twistDeg: number;
  /** Length over which the direction is lost, in Å: the stiffness. */
  persistenceA: number;
  /** Where the numbers come from. */
  source: string;
  /** The subunit. */
  subunit: HelixBlob[];
}

/** Tobacco mosaic virus: a stiff tube of 180 Å with a hole of 40 Å. */
const TMV: Helix = {
  name: "tmv",
  title: "tobacco mosaic virus",
  diameterA: 180,
  riseA: 1.408,
  twistDeg: 360 / 16.34,
  persistenceA: 3e7,
  source:
    "2130 subunits of 17.5 kDa, 16.34 in a turn of 23 Å, 180 Å wide with a hole of 40 Å and " +
    "RNA at 40 Å (Namba, Pattanayek and Stubbs 1989, J. Mol. Biol. 208, 307–325, PDB 2TMV)",
  subunit: [
    { radiusA: 27, axialA: 0, turnDeg: 0, sigmaA: 4.5, massKda: 2 },
    { radiusA: 42, axialA: 0, turnDeg: 4, sigmaA: 4.5, massKda: 4.5 },
    { radiusA: 59, axialA: 3, turnDeg: 0, sigmaA: 5, massKda: 5.5 },
    { radiusA: 77, axialA: 0, turnDeg: -4, sigmaA: 5, massKda: 6.5 },
  ],
};

/** F-actin: two twisted strands, thin and slightly bent. */
const ACTIN: Helix = {
  name: "actin",
  title: "actin filament",
  diameterA: 90,
  riseA: 27.6,
  twistDeg: -166.7,
  persistenceA: 1.7e5,
  source: "subunits of 42 kDa, rise 27.6 Å, twist −166.7°, up to 90 Å wide (Fujii et al. 2010, " +
    "Nature 467, 724–728, PDB 3MFP); persistence length 17 µm (Gittes et al. 1993, J. Cell Biol. " +
    "120, 923–934)",
  subunit: [
    { radiusA: 13, axialA: -12, turnDeg: 10, sigmaA: 7, massKda: 12 },
    { radiusA: 13, axialA: 14, turnDeg: 10, sigmaA: 7, massKda: 12 },
    { radiusA: 31, axialA: -12, turnDeg: -8, sigmaA: 7, massKda: 11 },
    { radiusA: 31, axialA: 12, turnDeg: -8, sigmaA: 6, massKda: 7 },
  ],
};

const HELICES = [TMV, ACTIN];

/** Names of all helices. */
export const HELIX_NAMES: readonly string[] = HELICES.map(({ name }) => name);

/**
 * The helix of a name of {@linkcode HELIX_NAMES}.
 *
 * @throws {EPickerError} `bad-option` for any other name.
 */
export function helixNamed(name: string): Helix {
  const helix = HELICES.find((helix) => helix.name === name);
  if (helix) return helix;
  throw new EPickerError("bad-option", {
    file: "helix",
    found: `"${name}"`,
    expected: HELIX_NAMES.join(", "),
  });
}
