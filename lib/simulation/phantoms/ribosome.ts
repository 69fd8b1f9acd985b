import { random } from "../../core/mod.ts";
import type { Gaussian, Phantom } from "../phantom.ts";
import { ellipsoid, fill, type Point } from "../shapes.ts";

/** The 80S ribosome: two subunits of uneven density with a gap between them and two stalks. */
export function ribosome80S(): Phantom {
  const draw = random(28, 1);
  const part = (centre: Point, axes: Point, massKda: number) =>
    fill(ellipsoid(centre, axes), massKda, { beadKda: 4, sigmaA: 5 }, draw);
  const uneven = (blob: Gaussian) => ({ ...blob, massKda: blob.massKda * draw.between(0.3, 1.7) });
  const large = [
    ...part([-42, 0, 0], [80, 94, 80], 2050),
    ...part([-6, 0, 76], [38, 34, 24], 160), // central protuberance
    ...part([-8, 112, 34], [16, 18, 16], 45), // L1 stalk
    ...part([-4, -112, 26], [14, 20, 14], 40), // P stalk
  ];
  const small = [
    ...part([68, 12, -30], [36, 64, 56], 760), // body and platform
    ...part([70, 4, 66], [32, 40, 32], 290), // head
    ...part([96, -34, -88], [20, 24, 26], 95), // left foot
  ];
  return {
    name: "ribosome-80s",
    title: "80S ribosome",
    diameterA: 300,
    symmetry: "C1",
    source: "large subunit and small subunit with head, body and foot, 3.4 MDa, 250 to 300 Å " +
      "(Ben-Shem et al. 2011, Science 334, 1524–1529, PDB 4V88; Wong et al. 2014, eLife 3, " +
      "e03080, EMD-2660)",
    gaussians: [...large, ...small].map(uneven),
  };
}
