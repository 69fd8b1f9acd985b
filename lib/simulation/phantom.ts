/** A spherical Gaussian blob of matter. */
export interface Gaussian {
  /** Centre along x, in Å from the particle's centre. */
  x: number;
  /** Centre along y, in Å. */
  y: number;
  /** Centre along z, in Å; a particle's long or symmetry axis lies along z. */
  z: number;
  /** Standard deviation in Å. */
  sigmaA: number;
  /** Mass in kDa. */
  massKda: number;
}

/** A particle of a few hundred Gaussians, which project to Gaussians in any orientation. */
export interface Phantom {
  /** Short name, as in file names: `"ribosome-80s"`. */
  name: string;
  /** Name for tables. */
  title: string;
  /** Largest extent in Å, as a picker's user would give the diameter. */
  diameterA: number;
  /** Point group in Schoenflies' notation, e.g. `"D7"`; `"C1"` without symmetry. */
  symmetry: string;
  /** Where size, mass and shape come from. */
  source: string;
  /** Its matter. */
  gaussians: Gaussian[];
}

/** Sum of the masses of Gaussians, in kDa. */
export function massOf(gaussians: readonly Gaussian[]): number {
  return gaussians.reduce((sum, { massKda }) => sum + massKda, 0);
}
