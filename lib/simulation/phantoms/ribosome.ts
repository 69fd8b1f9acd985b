import { random } from "../../core/mod.ts";
import type { Gaussian, Phantom } from "../phantom.ts";
import { ellipsoid, fill, type Point } from "../shapes.ts";

/** The 80S ribosome: two subunits of uneven density with a gap between them and two stalks. */
export function ribosome80S(): Phantom {
  const draw = random(28, 1);
  const part = (centre: Point, axes: Point, massKda: number) =>
    fill(ellipsoid(centre, axes), massKda, { beadKda: 3, sigmaA: 5 }, draw);
  const uneven = (blob: Gaussian) => ({ ...blob, massKda: blob.massKda * draw.between(0.3, 1.7) });
  const large = [
    ...part([-46, 0, 0], [88, 104, 88], 2050),
    ...part([-8, 0, 84], [42, 38, 26], 160), // central protuberance
    ...part([-8, 122, 38], [18, 18, 18], 45), // L1 stalk
    ...part([-4, -122, 28], [16, 20, 16], 40), // P stalk
  ];
  const small = [
    ...part([74, 12, -32], [40, 70, 62], 760), // body and platform
    ...part([76, 4, 74], [36, 44, 36], 290), // head
    ...part([102, -36, -96], [22, 26, 28], 95), // left foot
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
