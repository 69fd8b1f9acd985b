import { type Circle, type Random, random } from "../core/mod.ts";
import type { Canvas } from "./canvas.ts";
import { type EulerAngles, randomAngles, rotationOf } from "./orientation.ts";
import type { Phantom } from "./phantom.ts";
import { phantomNamed } from "./phantoms.ts";
import { isOn, placeDiscs, type Placement } from "./place.ts";
import { addProjection } from "./project.ts";
import type { MicrographRecipe } from "./recipe.ts";
import type { Debris, PlacedParticle, View } from "./scene.ts";
import type { ParticleSpecimen } from "./specimen.ts";
import { STREAMS } from "./streams.ts";

/** A particle without a decision yet on what it counts for. */
interface Laid extends Circle, EulerAngles {
  species: string;
}

/** Tilts up to this are seen from the top, those within it of 90° from the side; in degrees. */
const VIEW_DEG = 30;

/** Fewest and most particles in a clump. */
const CLUMP_MEMBERS = [3, 8] as const;

/**
 * Lays particles on a micrograph: labelled ones, others that the border cuts, broken ones, clumps.
 *
 * @param allowed Whether something may lie there.
 */
export function arrangeParticles(
  specimen: ParticleSpecimen,
  { size, pixelSizeA, seed, border }: MicrographRecipe,
  allowed: (disc: Circle) => boolean,
): { particles: PlacedParticle[]; debris: Debris[] } {
  const { count, spacing = 0.9, broken = 0, clumps = 0 } = specimen;
  const [draw, brokenDraw] = [random(seed, STREAMS.places), random(seed, STREAMS.broken)];
  const widest = Math.max(...phantomsOf(specimen).map((p) => p.diameterA)) / pixelSizeA;
  const lay = (number: number, where: Placement, stream: Random) =>
    layParticles(specimen, number, { allowed, ...where }, pixelSizeA, stream);

  const inside = [0, size - 1] as const;
  const heaps = placeDiscs(
    Array(clumps).fill(2 * widest),
    { range: inside, spacing: 1, allowed },
    brokenDraw,
  ).flatMap((heap) => heap ?? []);
  const whole = lay(
    count,
    { range: [border, size - 1 - border], spacing, others: heaps },
    draw,
  );
  const cut = lay(Math.round(count * ((1 + widest / size) ** 2 - 1)), {
    range: [-widest / 2, size - 1 + widest / 2],
    spacing,
    others: whole,
    allowed: (disc) => !isOn(size, disc),
  }, draw);
  const halves = lay(
    Math.round(broken * count),
    { range: inside, spacing: 0.8 * spacing, others: [...whole, ...heaps] },
    brokenDraw,
  );
  return {
    particles: whole.map((particle) => ({ ...particle, view: viewOf(particle) })),
    debris: [
      ...cut,
      ...halves.map((half) => breakApart(half, pixelSizeA, brokenDraw)),
      ...heaps.flatMap((heap) => clumpIn(heap, specimen, pixelSizeA, brokenDraw)),
    ].map(({ diameter: _, ...debris }) => debris),
  };
}

/**
 * Adds the projections of particles and debris to an image.
 *
 * @param unit Factor on kDa per Å².
 */
export function paintParticles(
  canvas: Canvas,
  specimen: ParticleSpecimen,
  placed: readonly (PlacedParticle | Debris)[],
  unit: number,
): void {
  const phantoms = new Map(phantomsOf(specimen).map((phantom) => [phantom.name, phantom]));
  for (const particle of placed) {
    const { gaussians } = phantoms.get(particle.species)!;
    const rotation = rotationOf(particle);
    const cutA = "cutA" in particle ? particle.cutA ?? Infinity : Infinity;
    const present = cutA === Infinity ? gaussians : gaussians.filter(({ x }) => x <= cutA);
    addProjection(canvas, present, { centre: particle, rotation, unit });
  }
}

/** The phantoms of a mixture. */
export function phantomsOf({ species }: ParticleSpecimen): Phantom[] {
  return species.map(({ phantom }) =>
    typeof phantom === "string" ? phantomNamed(phantom) : phantom
  );
}

/** Draws species, places and orientations. */
function layParticles(
  specimen: ParticleSpecimen,
  number: number,
  where: Placement,
  pixelSizeA: number,
  draw: Random,
): Laid[] {
  const phantoms = Array.from({ length: number }, () => drawSpecies(specimen, draw));
  const discs = placeDiscs(phantoms.map((p) => p.diameterA / pixelSizeA), where, draw);
  return discs.flatMap((disc, i) =>
    disc ? { ...disc, species: phantoms[i].name, ...drawAngles(specimen, draw) } : []
  );
}

function drawSpecies(specimen: ParticleSpecimen, draw: Random): Phantom {
  const phantoms = phantomsOf(specimen);
  const shares = specimen.species.map(({ share = 1 }) => share);
  let rest = draw.uniform() * shares.reduce((sum, share) => sum + share, 0);
  return phantoms[shares.findIndex((share) => (rest -= share) < 0)] ?? phantoms[0];
}

/** Angles of a side view, a top view or anything, as the specimen prefers. */
function drawAngles({ views: { side = 0, top = 0 } = {} }: ParticleSpecimen, draw: Random) {
  const preferred = draw.uniform();
  const flat = Math.sin(VIEW_DEG / 2 * Math.PI / 180);
  if (preferred < side) return randomAngles(draw, [-flat, flat]);
  const steep = Math.cos(VIEW_DEG / 2 * Math.PI / 180);
  if (preferred < side + top) return randomAngles(draw, [steep, 1]);
  return randomAngles(draw);
}

/** From where a particle is seen, by its tilt. */
export function viewOf({ tiltDeg }: EulerAngles): View {
  const fromBeam = Math.min(tiltDeg, 180 - tiltDeg);
  if (fromBeam <= VIEW_DEG) return "top";
  return fromBeam >= 90 - VIEW_DEG ? "side" : "oblique";
}

/** Takes about half of a particle away. */
function breakApart<T extends Circle>(particle: T, pixelSizeA: number, draw: Random) {
  return { ...particle, cutA: draw.between(-0.2, 0.2) * particle.diameter * pixelSizeA };
}

/** Particles on top of each other, some of them broken. */
function clumpIn(heap: Circle, specimen: ParticleSpecimen, pixelSizeA: number, draw: Random) {
  const [fewest, most] = CLUMP_MEMBERS;
  return Array.from({ length: fewest + draw.integer(most - fewest + 1) }, () => {
    const { name, diameterA } = drawSpecies(specimen, draw);
    const spread = () => draw.normal() * heap.diameter / 5;
    const [x, y] = [heap.x + spread(), heap.y + spread()];
    const member = { x, y, species: name, ...randomAngles(draw), diameter: diameterA / pixelSizeA };
    return draw.uniform() < 0.5 ? breakApart(member, pixelSizeA, draw) : member;
  });
}
