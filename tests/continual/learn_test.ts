import { assertEquals, assertNotEquals } from "@std/assert";
import { startBackend } from "../../lib/backend/mod.ts";
import { readModel } from "../../lib/centernet/mod.ts";
import {
  chooseExemplars,
  EMPTY_MEMORY,
  type ExemplarOptions,
  learn,
  loadStrategy,
  readMemory,
  remember,
  STRATEGIES,
  strategyOf,
} from "../../lib/continual/mod.ts";
import { random } from "../../lib/core/mod.ts";
import { runExperiment } from "../../lib/experiments/mod.ts";
import { RECIPE, ShardComputer } from "../../lib/training/mod.ts";
import { assertClose } from "../_backends.ts";
import { plainShard, STILL_RECIPE, stillImage } from "../training/_still.ts";
import { tinyImage } from "../training/_tiny.ts";
import { TINY_RECIPE, tinyModel } from "./_tiny.ts";

Deno.test("whatever its weights start from, a lesson after vesicles is of vesicles, with a like network", async () => {
  const out = await Deno.makeTempDir();
  const old = { ...tinyModel(), mode: "vesicle" as const };
  const memory = { ...EMPTY_MEMORY, exemplars: [tinyImage(1, "old")] };
  const fresh = { train: [tinyImage(2, "new")], validation: [], warnings: [] };
  const { config: _, ...recipe } = TINY_RECIPE;
  const options = { recipe: { ...recipe, steps: 1 }, out, backend: "wasm", workers: 1 } as const;
  for (const name of ["scratch", "joint", "fine-tune", "epicker"]) {
    const { model } = await learn(STRATEGIES[name], { fresh, before: [], old, memory }, options);
    assertEquals([name, model.mode, model.config], [name, "vesicle", old.config]);
  }
  const other = { mode: "particle", config: { ...old.config, width: 0.25 } } as const;
  const asked = { ...options, recipe: { ...options.recipe, ...other } };
  const { model } = await learn(STRATEGIES.scratch, { fresh, old, memory }, asked);
  assertEquals([model.mode, model.config.width], ["particle", 0.25]);
  await Deno.remove(out, { recursive: true });
});

Deno.test("held-out images and the old exemplars choose the best model together", async () => {
  const out = await Deno.makeTempDir();
  const memory = { ...EMPTY_MEMORY, exemplars: [tinyImage(1, "old")] };
  const fresh = { train: [tinyImage(2, "new")], validation: [tinyImage(3, "new")], warnings: [] };
  const options = {
    recipe: { ...TINY_RECIPE, steps: 1 },
    out,
    backend: "wasm",
    workers: 1,
  } as const;
  const heldOut = async (name: string, validation = fresh.validation) => {
    await learn(
      STRATEGIES[name],
      { fresh: { ...fresh, validation }, old: tinyModel(), memory },
      options,
    );
    return JSON.parse(await Deno.readTextFile(`${out}/training.json`)).validation;
  };
  assertEquals(await heldOut("epicker"), ["new/disc3", "old/disc1"]);
  assertEquals(await heldOut("fine-tune"), ["new/disc3"]);
  assertEquals(await heldOut("epicker", []), []);
  await Deno.remove(out, { recursive: true });
});

/** Squares of the gradient on an image, seen as in training, over their mean. */
async function plainImportance(parameters: Float32Array, image: ReturnType<typeof stillImage>) {
  const { gradient } = await plainShard(STILL_RECIPE.config, parameters, [image, image, image]);
  const squares = Float64Array.from(gradient, (g) => g * g);
  const mean = squares.reduce((sum, square) => sum + square, 0) / squares.length;
  return squares.map((square) => square / mean);
}

const [A, B] = [stillImage("a", 3, 24), stillImage("b", 7, 14)];
const EWC = await loadStrategy({ ...STRATEGIES.ewc.source, options: { batches: 2 } });

Deno.test("EWC remembers g² of crops as its lesson had them, added up over the lessons", async () => {
  const out = await Deno.makeTempDir();
  const old = tinyModel(5);
  const known = old.weights.parameters.map((_, i) => i % 5);
  const lesson = {
    fresh: { train: [A], validation: [], warnings: [] },
    old,
    memory: { exemplars: [], vectors: { importance: known } },
  };
  const options = {
    recipe: { ...STILL_RECIPE, steps: 1 },
    out,
    backend: "wasm",
    workers: 1,
  } as const;
  const { model, memory } = await learn(EWC, lesson, options);
  const fresh = await plainImportance(model.weights.parameters, A);
  assertClose(memory.vectors.importance, fresh.map((value, i) => value + known[i]), 1e-5);
  const first = await learn(EWC, { ...lesson, memory: EMPTY_MEMORY }, options);
  const alone = await plainImportance(first.model.weights.parameters, A);
  assertClose(first.memory.vectors.importance, alone, 1e-5);
  await Deno.remove(out, { recursive: true });
});

Deno.test("in an experiment EWC's importance is of the experiment's crops, from the base model on", async () => {
  const out = await Deno.makeTempDir();
  const steps = { base: 1, added: 1, joint: 1 };
  const plan = { name: "still", base: ["a"], added: ["b"], steps, recipe: STILL_RECIPE };
  const data = new Map(
    [A, B].map((image) => [image.dataset, { train: [image], validation: [], test: [image] }]),
  );
  await runExperiment(plan, data, { out, backend: "wasm", workers: 1, strategies: { ewc: EWC } });
  const folder = `${out}/stages/seed1`;
  const parametersOf = async (stage: string) =>
    (await readModel(`${folder}/${stage}/model.safetensors`)).model.weights.parameters;
  const { vectors } = await readMemory(`${folder}/ewc/a/b/exemplars.safetensors`);
  const base = await plainImportance(await parametersOf("base/a"), A);
  const added = await plainImportance(await parametersOf("ewc/a/b"), B);
  assertClose(vectors.importance, base.map((value, i) => value + added[i]), 1e-5);
  await Deno.remove(out, { recursive: true });
});

Deno.test("EWC's importance is the mean of the squares over several shards of crops that vary", async () => {
  await startBackend("wasm");
  const model = tinyModel(5);
  const images = [tinyImage(1, "a"), tinyImage(2, "b")];
  const recipe = { ...RECIPE, ...TINY_RECIPE, seed: 8 };
  const { vectors } = await remember(EWC, { model, images, memory: EMPTY_MEMORY, recipe });
  using computer = new ShardComputer({ ...recipe, images });
  const squares = new Float64Array(model.weights.parameters.length);
  for (const step of [0, 1]) {
    const { gradient } = await computer.gradient(model.weights.parameters, step, 0);
    gradient.forEach((g, i) => squares[i] += g * g / 2);
  }
  const mean = squares.reduce((sum, square) => sum + square, 0) / squares.length;
  assertClose(vectors.importance, squares.map((square) => square / mean), 1e-5);
});

Deno.test("what is kept of a lesson is chosen as the strategy says, by the seed of the run", async () => {
  await startBackend("wasm");
  const stream = random(1);
  const source = tinyImage(1, "new", 700);
  const objects = Array.from({ length: 300 }, () => {
    return { x: stream.between(0, 700), y: stream.between(0, 700), diameter: 20 };
  });
  const [model, images] = [tinyModel(), [{ ...source, objects }]];
  const kept = async (name: string, seed: number) => {
    const lesson = { model, images, memory: EMPTY_MEMORY, recipe: { ...RECIPE, seed } };
    return (await remember(strategyOf(name), lesson)).exemplars;
  };
  const wanted: Record<string, Partial<ExemplarOptions>> = {
    epicker: { policy: "random", particles: 200, pieces: 23 },
    replay: { policy: "random", particles: 200, pieces: 23 },
    "epicker/first": { policy: "first" },
    "epicker/coverage": { policy: "coverage" },
    "epicker/50": { particles: 50 },
    "epicker/100": { particles: 100 },
    "epicker/400": { particles: 400, pieces: 46 },
  };
  for (const [name, options] of Object.entries(wanted)) {
    for (const seed of [1, 2]) {
      assertEquals(await kept(name, seed), chooseExemplars(images, model, { seed, ...options }));
    }
  }
  const names = async (seed: number) => (await kept("epicker", seed)).map(({ name }) => name);
  assertNotEquals(await names(1), await names(2));
  for (const name of ["fine-tune", "lwf", "anchor", "epicker/no-replay"]) {
    assertEquals(await kept(name, 1), []);
  }
});
