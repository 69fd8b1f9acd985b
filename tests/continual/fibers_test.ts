import { assert, assertEquals } from "@std/assert";
import { startBackend } from "../../lib/backend/mod.ts";
import { chooseExemplars, EMPTY_MEMORY, learn, STRATEGIES } from "../../lib/continual/mod.ts";
import { fiberPoints } from "../../lib/tracing/mod.ts";
import type { TrainingImage } from "../../lib/training/mod.ts";
import { tinyImage } from "../training/_tiny.ts";
import { TINY_RECIPE, tinyModel } from "./_tiny.ts";

/** A small image with the training points of one fiber of 16 network pixels. */
function fiberImage(seed: number, dataset: string, size: number): TrainingImage {
  const { image, ...rest } = tinyImage(seed, dataset, size);
  const line = [{ x: 20, y: 30 }, { x: size - 20, y: size - 10 }];
  const objects = fiberPoints({ lines: [line], pixels: [], width: 16 })
    .map(({ x, y }) => ({ x, y, diameter: 16 }));
  return { ...rest, image, objects };
}

Deno.test("EPicker's strategy learns fibers on top of fibers and keeps pieces of both", async () => {
  await startBackend("wasm");
  const out = await Deno.makeTempDir();
  const old = { ...tinyModel(), mode: "fiber" } as const;
  const before = [fiberImage(1, "old", 300), fiberImage(2, "old", 300)];
  const memory = { ...EMPTY_MEMORY, exemplars: chooseExemplars(before, old) };
  const fresh = { train: [fiberImage(7, "new", 96)], validation: [], warnings: [] };
  const options = {
    recipe: { ...TINY_RECIPE, steps: 2 },
    out,
    backend: "wasm",
    workers: 1,
  } as const;
  const learned = await learn(STRATEGIES.epicker, { fresh, memory, old }, options);
  assertEquals(learned.model.mode, "fiber");
  assertEquals(
    new Set(learned.memory.exemplars.map(({ dataset }) => dataset)),
    new Set(["old", "new"]),
  );
  await Deno.remove(out, { recursive: true });
});

Deno.test("of fibers, lengths of a width count as particles for the size of a store", () => {
  const images = Array.from({ length: 40 }, (_, i) => fiberImage(i, "old", 300));
  const labels = (mode: "particle" | "fiber") => {
    const options = { policy: "first", particles: 100 } as const;
    const chosen = chooseExemplars(images, { ...tinyModel(), mode }, options);
    return chosen.reduce((sum, { objects }) => sum + objects.length, 0);
  };
  const [particles, fibers] = [labels("particle"), labels("fiber")];
  assert(particles >= 100 && particles < 250, `${particles} points`);
  assert(fibers >= 400 && fibers < 600, `${fibers} points`);
});
