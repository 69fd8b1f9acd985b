import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  chooseExemplars,
  decodeMemory,
  EMPTY_MEMORY,
  encodeMemory,
  learn,
  type Memory,
  mergeMemories,
  STRATEGIES,
} from "../../lib/continual/mod.ts";
import { EPickerError } from "../../lib/core/mod.ts";
import { VIEW_VERSIONS } from "../../lib/preprocess/mod.ts";
import type { TrainingSet } from "../../lib/training/mod.ts";
import { tinyImage, tinyOptions, tinyParticles } from "../training/_tiny.ts";
import { tinyModel } from "./_tiny.ts";

const OLD = { ...tinyModel(), preprocess: VIEW_VERSIONS.particle };

Deno.test("a store keeps the view and the scale at which its pieces were cut; old ones are the paper's", () => {
  const exemplars = chooseExemplars([tinyParticles(1, "old")], OLD).map(({ ignored: _, ...rest }) =>
    rest
  );
  assertEquals(exemplars.map(({ image }) => image.scale), [25 / 40]);
  const memory: Memory = { ...EMPTY_MEMORY, exemplars, view: "particle" };
  assertEquals(decodeMemory(encodeMemory(memory), "store"), memory);
  const paper = { ...EMPTY_MEMORY, exemplars: [tinyImage(1)] };
  assertEquals(decodeMemory(encodeMemory(paper), "store").view, undefined);
  assertThrows(() => mergeMemories(memory, paper), EPickerError, 'cut in the view "paper"');
  assertThrows(() => mergeMemories(paper, memory), EPickerError, 'cut in the view "particle"');
  assertEquals(mergeMemories(EMPTY_MEMORY, memory).view, "particle");
});

Deno.test("a model of the particle's view learns more, and its exemplars are of that view", async () => {
  const out = await Deno.makeTempDir();
  const memory: Memory = {
    ...EMPTY_MEMORY,
    exemplars: chooseExemplars([tinyParticles(1, "old")], OLD),
    view: "particle",
  };
  const fresh: TrainingSet = {
    train: [tinyParticles(2, "new")],
    validation: [tinyParticles(3, "new")],
    warnings: [],
    view: "particle",
    empty: [{ ...tinyParticles(4, "empty"), objects: [] }],
  };
  const options = tinyOptions(out, { steps: 2 });
  for (const strategy of [STRATEGIES.epicker, STRATEGIES["fine-tune"], STRATEGIES.ewc]) {
    const lesson = { fresh, old: OLD, memory };
    const learned = await learn(strategy, lesson, options);
    assertEquals(learned.model.preprocess, VIEW_VERSIONS.particle);
    assertEquals(learned.memory.view, "particle");
    assertEquals(learned.recipe.empty, 0.1);
    assert(learned.memory.exemplars.every(({ image }) => image.scale === 25 / 40));
    const paper = { train: [tinyImage(1)], validation: [], warnings: [] };
    await assertRejects(
      () => learn(strategy, { ...lesson, fresh: paper }, options),
      EPickerError,
      strategy.data === "exemplars" ? "pieces cut in the view" : "the view",
    );
  }
  await Deno.remove(out, { recursive: true });
});
