import { assert, assertEquals } from "@std/assert";
import { EMPTY_MEMORY, learn, STRATEGIES } from "../../lib/continual/mod.ts";
import type { TrainingImage } from "../../lib/training/mod.ts";
import { tinyImage } from "../training/_tiny.ts";
import { TINY_RECIPE, tinyModel } from "./_tiny.ts";

/** Vesicles of two sizes, only some of them labelled, and a region of which nothing is known. */
function vesicles(seed: number, dataset: string): TrainingImage {
  const image = tinyImage(seed, dataset);
  const objects = image.objects.map((object, i) => ({ ...object, diameter: i % 2 ? 16 : 32 }));
  return { ...image, objects, sparse: true, ignored: [{ x: 60, y: 60, diameter: 30 }] };
}

for (const name of Object.keys(STRATEGIES)) {
  Deno.test(`vesicles with sparse labels and ignore regions are learned by ${name}`, async () => {
    const out = await Deno.makeTempDir();
    const old = { ...tinyModel(), mode: "vesicle" as const };
    const before = [vesicles(1, "old")];
    const memory = { ...EMPTY_MEMORY, exemplars: before };
    const fresh = { train: [vesicles(2, "new")], validation: [vesicles(3, "new")], warnings: [] };
    const recipe = { ...TINY_RECIPE, steps: 2, mode: "vesicle" } as const;
    const options = { recipe, out, backend: "wasm" } as const;
    const learned = await learn(STRATEGIES[name], { fresh, before, old, memory }, options);
    assertEquals(learned.model.mode, "vesicle");
    assert(learned.history.every(({ ap }) => ap >= 0));
    const kept = learned.memory.exemplars.filter(({ dataset }) => dataset === "new");
    assert(kept.every(({ sparse, ignored }) => sparse && ignored!.length > 0));
    await Deno.remove(out, { recursive: true });
  });
}
