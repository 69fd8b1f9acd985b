import { random } from "../../core/mod.ts";
import type { Phantom } from "../phantom.ts";
import { ellipsoid, fill, type Point3, tube } from "../shapes.ts";
import { cyclic, symmetrise } from "../symmetry.ts";

/** TcdA1, the TcA component of a Tc toxin: a bell of five around a long channel. */
export function tcToxin(): Phantom {
  const draw = random(89, 1);
  const grain = { beadKda: 2.5, sigmaA: 5 };
  const part = (centre: Point3, axes: Point3, massKda: number) =>
    fill(ellipsoid(centre, axes), massKda, grain, draw);
  const subunit = [
    ...part([56, 0, -32], [22, 26, 42], 125), // large lobe of the shell
    ...part([76, 22, -66], [14, 17, 20], 30), // receptor-binding domains
    ...part([44, 0, 42], [16, 20, 32], 58), // upper shell
    ...fill(tube([10, 22], [-112, 72]), 38, grain, draw), // channel
    ...fill(tube([12, 38], [74, 118]), 32, grain, draw), // head that binds TcB
  ];
  return {
    name: "tcca1",
    title: "TccA1",
    diameterA: 250,
    symmetry: "C5",
    source: "pentamer of 1.4 MDa, a bell 250 Å long around a channel (Gatsogiannis et al. 2013, " +
      "Nature 495, 520–523; Meusch et al. 2014, Nature 508, 61–65; PDB 1VW1)",
    gaussians: symmetrise(subunit, cyclic(5)),
  };
}
