/** A spherical Gaussian blob of density. */
export interface Gaussian {
  /** Centre along x, in Å from the particle's centre. */
  x: number;
  /** Centre along y, in Å. */
  y: number;
  /** Centre along z, the beam's direction, in Å. */
  z: number;
  /** Standard deviation in Å. */
  sigmaA: number;
  /** Integral over space, in any unit: a micrograph's signal-to-noise ratio sets the scale. */
  mass: number;
}

/** A made-up particle: a few hundred Gaussians, which project to Gaussians in any orientation. */
export interface Phantom {
  /** What it resembles. */
  name: string;
  /** Diameter in Å, as a picker's user would give it. */
  diameterA: number;
  /** Its density. */
  gaussians: Gaussian[];
}
