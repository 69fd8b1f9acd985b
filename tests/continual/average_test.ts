import { assert, assertEquals } from "@std/assert";
import { startBackend } from "../../lib/backend/mod.ts";
import { readModel } from "../../lib/centernet/mod.ts";
import { type Ending, learn, loadStrategy, STRATEGIES } from "../../lib/continual/mod.ts";
import { RECIPE, validate } from "../../lib/training/mod.ts";
import { assertClose } from "../_backends.ts";
import { plainShard, STILL_RECIPE, stillImage } from "../training/_still.ts";
import { tinyImage } from "../training/_tiny.ts";
import { tinyModel } from "./_tiny.ts";

const [NEW, KEPT] = [stillImage("new", 3, 24), stillImage("old", 7, 14)];
const OLD = tinyModel(5);
const RECIPE_USED = { ...RECIPE, ...STILL_RECIPE };

/** What training gave: a model of other weights. */
function ending(validation = [tinyImage(1, "old"), tinyImage(2, "new")]): Ending {
  const memory = { exemplars: [KEPT], vectors: {} };
  return { model: tinyModel(6), old: OLD, images: [NEW], memory, validation, recipe: RECIPE_USED };
}

const withShares = (...shares: number[]) =>
  loadStrategy({ ...STRATEGIES.average.source, options: { shares } });

Deno.test("averaged weights lie between, with the statistics of new crops and exemplars", async () => {
  await startBackend("wasm");
  const quarter = await withShares(0.25);
  const given = ending();
  const { weights } = await quarter.finish!(given);
  const expected = given.model.weights.parameters.map((value, i) =>
    0.25 * value + 0.75 * OLD.weights.parameters[i]
  );
  assertClose(weights.parameters, expected, 1e-6);
  // two of three crops are new, one is an exemplar
  const { statistics } = await plainShard(STILL_RECIPE.config, expected, [NEW, NEW, KEPT]);
  assertClose(weights.statistics, statistics, 1e-5);
});

Deno.test("held-out images and exemplars choose the share", async () => {
  await startBackend("wasm");
  const given = ending();
  const shares = [1, 0.7, 0.3, 0];
  const models = await Promise.all(
    shares.map(async (share) => (await withShares(share)).finish!(given)),
  );
  const scores = [];
  for (const model of models) {
    const { ap, f1 } = await validate(model, given.validation, 0);
    scores.push(ap + f1);
  }
  assert(new Set(scores).size === scores.length, `no two alike in ${scores}`);
  const best = models[scores.indexOf(Math.max(...scores))];
  const chosen = await (await withShares(...shares)).finish!(given);
  assertEquals(chosen.weights, best.weights);
  assertEquals(chosen.threshold, best.threshold);
  assertEquals(models[0].weights, given.model.weights); // all of the new: as training left it
});

Deno.test("a lesson gives, writes and remembers the model that its strategy makes in the end", async () => {
  const out = await Deno.makeTempDir();
  const model = { ...tinyModel(9), threshold: 0.77 };
  let given: Ending | undefined;
  const strategy = {
    ...STRATEGIES.replay,
    finish: (ending: Ending) => Promise.resolve((given = ending) && model),
    remember: ({ model, memory }: { model: { threshold: number }; memory: Ending["memory"] }) =>
      Promise.resolve({ ...memory, vectors: { threshold: Float32Array.of(model.threshold) } }),
  };
  const held = tinyImage(3, "new");
  const fresh = { train: [NEW], validation: [held], warnings: [] };
  const memory = { exemplars: [KEPT], vectors: {} };
  const options = {
    recipe: { ...STILL_RECIPE, steps: 1 },
    out,
    backend: "wasm",
    workers: 1,
  } as const;
  const learned = await learn(strategy, { fresh, old: OLD, memory }, options);
  assertEquals(learned.model, model);
  assertEquals((await readModel(`${out}/model.safetensors`)).model.weights, model.weights);
  assertClose(learned.memory.vectors.threshold, [0.77], 1e-6);
  assertEquals(given?.validation, [held, KEPT]);
  assertEquals(given?.old, OLD);
  await Deno.remove(out, { recursive: true });
});
