/**
 * The training loop against its formulas: the gradients of the shards are the program's (they have
 * tests of their own), everything that is made of them is computed here in plain float64.
 *
 * @module
 */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { initialWeights, layoutOf, readModel } from "../../lib/centernet/mod.ts";
import {
  learningRateAt,
  RECIPE,
  type Recipe,
  ShardComputer,
  train,
} from "../../lib/training/mod.ts";
import { tinyOptions, tinySet } from "./_tiny.ts";

const [STEPS, SHARDS] = [5, 2];

/** What the loop had before each of its steps: the weights and the gradient of its shards. */
interface Moment {
  parameters: Float32Array;
  gradient: Float32Array;
}

/** Blows every second gradient up beyond the longest allowed, and shrinks the others below it. */
const factorAt = (step: number) => step % 2 === 0 ? 50 : 0.01;

/** Trains for {@linkcode STEPS} steps and keeps what each began with. */
async function trained(recipe: Partial<Recipe>, out: string) {
  const moments: Moment[] = [];
  const set = { ...tinySet(), validation: [] };
  const { model } = await train(set, {
    ...tinyOptions(out, recipe),
    pull(gradient, parameters) {
      const factor = factorAt(moments.length);
      moments.push({ parameters: parameters.slice(), gradient: gradient.slice() });
      for (let i = 0; i < gradient.length; i++) gradient[i] *= factor;
    },
  });
  const { extra } = await readModel(`${out}/checkpoint.safetensors`);
  const last = (name: string) => extra.find((array) => array.name === `state.${name}`)!.data;
  return { moments, model, last };
}

/** Root of the mean square of the differences, by that of the expected values. */
function deviation(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [off, all] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    off += (actual[i] - expected[i]) ** 2;
    all += expected[i] ** 2;
  }
  return Math.sqrt(off / all);
}

/** The changes that Adam makes of the moments' gradients, shortened to 5 where they are longer. */
function plainSteps(moments: Moment[], rates: number[]): Float64Array[] {
  const length = moments[0].gradient.length;
  const [m, v] = [new Float64Array(length), new Float64Array(length)];
  return moments.map(({ gradient }, step) => {
    const pulled = Float64Array.from(gradient, (value) => factorAt(step) * value);
    const norm = Math.sqrt(pulled.reduce((sum, g) => sum + g * g, 0));
    assert(step % 2 === 0 ? norm > 5 : norm < 5);
    return pulled.map((value, i) => {
      const g = value * Math.min(1, 5 / norm);
      m[i] = 0.9 * m[i] + 0.1 * g;
      v[i] = 0.999 * v[i] + 0.001 * g * g;
      const [mean, square] = [m[i] / (1 - 0.9 ** (step + 1)), v[i] / (1 - 0.999 ** (step + 1))];
      return -rates[step] * mean / (Math.sqrt(square) + 1e-8);
    });
  });
}

/** The running average of a start and what follows it; its decay grows up to `most`. */
function plainAverage(start: ArrayLike<number>, all: ArrayLike<number>[], most: number) {
  return all.reduce<Float64Array>((average, values, step) => {
    const decay = Math.min(most, (1 + step) / (10 + step));
    return average.map((value, i) => decay * value + (1 - decay) * values[i]);
  }, Float64Array.from(start));
}

Deno.test("each step is Adam's, of the shards' mean gradient, clipped; the stored model is their average", async () => {
  const out = await Deno.makeTempDir();
  const [learningRate, averageDecay] = [5e-3, 0.25]; // which holds in steps four and five alone
  const recipe = { steps: STEPS, shards: SHARDS, warmUp: 0.4, averageDecay, learningRate };
  const { moments, model, last } = await trained(recipe, out);
  assertEquals(moments.length, STEPS);

  const task = { ...RECIPE, ...tinyOptions(out, recipe).recipe, images: tinySet().train };
  const start = initialWeights(layoutOf(task.config), task.seed);
  assertEquals(deviation(moments[0].parameters, start.parameters), 0);
  const statistics = [Float64Array.from(start.statistics)];
  using computer = new ShardComputer(task);
  for (const [step, { parameters, gradient }] of moments.entries()) {
    const a = await computer.gradient(parameters, step, 0);
    const b = await computer.gradient(parameters, step, 1);
    const mean = (a: Float32Array, b: Float32Array) => a.map((value, i) => (value + b[i]) / 2);
    assert(deviation(gradient, mean(a.gradient, b.gradient)) < 1e-5, "the mean of the shards");
    const fresh = mean(a.statistics, b.statistics);
    statistics.push(statistics[step].map((value, i) => 0.9 * value + 0.1 * fresh[i]));
  }

  const falling = [0, 1, 2].map((k) => (1 + Math.cos(Math.PI * k / 3)) / 2); // behind two that rise
  const rates = [0.5, 1, ...falling].map((part) => learningRate * part);
  const weights = [...moments.map(({ parameters }) => parameters), last("parameters")];
  for (const [step, change] of plainSteps(moments, rates).entries()) {
    const made = change.map((_, i) => weights[step + 1][i] - weights[step][i]);
    assert(deviation(made, change) < 1e-3, `step ${step}`); // weights are rounded to float32
  }
  assert(deviation(last("statistics"), statistics[STEPS]) < 1e-5);

  const averages = {
    parameters: plainAverage(start.parameters, weights.slice(1), averageDecay),
    statistics: plainAverage(start.statistics, statistics.slice(1), averageDecay),
  };
  assert(deviation(averages.parameters, last("parameters")) > 1e-3, "the last is no average");
  const stored = (await readModel(`${out}/model.safetensors`)).model;
  for (const { weights } of [model, stored]) {
    assert(deviation(weights.parameters, averages.parameters) < 1e-6);
    assert(deviation(weights.statistics, averages.statistics) < 1e-5);
  }
  await Deno.remove(out, { recursive: true });
});

Deno.test("the learning rate at its corners: first and last step, none to rise over, only rising", () => {
  const rates = (total: number, warmUp: number) => {
    const recipe = { ...RECIPE, learningRate: 2, warmUp };
    return Array.from({ length: total }, (_, step) => learningRateAt(step, total, recipe));
  };
  assertEquals(rates(1, 0.1), [2]);
  assertEquals(rates(2, 0), [2, 2]); // one step rises, the next is the top of the cosine
  assertEquals(rates(4, 1), [0.5, 1, 1.5, 2]);
  const ten = rates(10, 0.2); // two to rise, then (1 + cos(π k / 8)) for k = 0 … 7
  ten.forEach((rate, step) => {
    const expected = step < 2 ? step + 1 : 1 + Math.cos(Math.PI * (step - 2) / 8);
    assertAlmostEquals(rate, expected, 1e-12);
  });
});
