import { random } from "../../core/mod.ts";
import type { Gaussian, Phantom } from "../phantom.ts";
import { ellipsoid, fill, type Point3 } from "../shapes.ts";

/** The 80S ribosome: two subunits of uneven density with a gap between them and two stalks. */
export function ribosome80S(): Phantom {
  const draw = random(28, 1);
  const part = (centre: Point3, axes: Point3, massKda: number) =>
    fill(ellipsoid(centre, axes), massKda, { beadKda: 3, sigmaA: 5 }, draw);
  const uneven = (blob: Gaussian) => ({ ...blob, massKda: blob.massKda * draw.between(0.6, 1.4) });
  const large = [
    ...part([-36, 0, 0], [84, 100, 98], 2050),
    ...part([-8, 0, 84], [42, 38, 26], 160), // central protuberance
    ...part([-8, 114, 38], [18, 18, 18], 45), // L1 stalk
    ...part([-4, -114, 28], [16, 20, 16], 40), // P stalk
  ];
  const small = [
    ...part([62, 10, -34], [46, 76, 64], 760), // body and platform
    ...part([64, 4, 64], [42, 50, 40], 290), // head
    ...part([80, -34, -92], [22, 26, 26], 95), // left foot
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
