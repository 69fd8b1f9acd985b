import { type Circle, distance } from "../core/mod.ts";
import { arrangeHole } from "./carbon.ts";
import { arrangeCrystals } from "./crystals.ts";
import { arrangeFibers } from "./fibers.ts";
import { arrangeParticles } from "./particles.ts";
import type { MicrographRecipe } from "./recipe.ts";
import type { Scene } from "./scene.ts";
import { arrangeVesicles } from "./vesicles.ts";

/**
 * Decides what lies where: dirt first, then the specimen where it is clean.
 *
 * Fibers cross dirt and film; particles and vesicles keep off both.
 */
export function arrangeScene(recipe: MicrographRecipe): Scene {
  const { specimen, carbonEdge } = recipe;
  const crystals = arrangeCrystals(recipe);
  const hole = carbonEdge ? arrangeHole(recipe) : undefined;
  const dirt = { crystals, hole };
  const isClean = (disc: Circle) =>
    crystals.every((c) => distance(c, disc) > (c.diameter + disc.diameter) / 2) &&
    (!hole || distance(hole, disc) < hole.radius - disc.diameter / 2);
  const empty = { particles: [], fibers: [], vesicles: [], debris: [] };
  switch (specimen.kind) {
    case "particles":
      return { ...empty, ...arrangeParticles(specimen, recipe, isClean), ...dirt };
    case "fibers":
      return { ...empty, fibers: arrangeFibers(specimen, recipe), ...dirt };
    case "vesicles":
      return { ...empty, vesicles: arrangeVesicles(specimen, recipe, isClean), ...dirt };
  }
}
