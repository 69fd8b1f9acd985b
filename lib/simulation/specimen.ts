import type { Phantom } from "./phantom.ts";

/** From the first to the second number, uniformly unless said otherwise. */
export type Range = readonly [low: number, high: number];

/** A kind of particle and how common it is. */
export interface Species {
  /** A name of `PHANTOM_NAMES`, or a phantom of your own. */
  phantom: string | Phantom;
  /** Share of the particles, relative to the other species. @default {1} */
  share?: number;
}

/** Single particles in the ice. */
export interface ParticleSpecimen {
  /** Tells the specimens apart. */
  kind: "particles";
  /** The mixture. */
  species: readonly Species[];
  /** Particles with their centre on the micrograph; fewer where it gets full. */
  count: number;
  /** Least distance of two centres in mean diameters. @default {0.9} */
  spacing?: number;
  /** Shares of particles on their side and seen from the top; the others lie anyhow. */
  views?: { side?: number; top?: number };
  /** Broken particles without a label, as a share of `count`. @default {0} */
  broken?: number;
  /** Clumps of overlapping particles without a label. @default {0} */
  clumps?: number;
}

/** Helical fibers that lie flat in the ice and cross each other. */
export interface FiberSpecimen {
  /** Tells the specimens apart. */
  kind: "fibers";
  /** A name of `HELIX_NAMES`. */
  helix: string;
  /** Fibers. */
  count: number;
  /** Their lengths in Å. */
  lengthA: Range;
  /** Share of the fibers that bend all along; the others are as straight as their stiffness lets. */
  curved?: number;
  /** Radii of the bent ones in Å. @default {[4000, 20000]} */
  bendRadiusA?: Range;
}

/** Liposomes, some in others. */
export interface VesicleSpecimen {
  /** Tells the specimens apart. */
  kind: "vesicles";
  /** Vesicles with their centre on the micrograph; fewer where it gets full. */
  count: number;
  /** Diameters of the bilayer's middle in Å; small ones are more common. */
  diameterA: Range;
  /** Least distance of two centres in sums of radii: below 1 some overlap. @default {0.9} */
  spacing?: number;
  /** Share of vesicles within whose membrane there are more. @default {0} */
  multilamellar?: number;
}

/** What is in the ice. */
export type Specimen = ParticleSpecimen | FiberSpecimen | VesicleSpecimen;
