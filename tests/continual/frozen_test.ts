import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { startBackend } from "../../lib/backend/mod.ts";
import {
  detectionLoss,
  drawTargets,
  FrozenNetwork,
  gradientsOf,
  layoutOf,
  stackTargets,
} from "../../lib/centernet/mod.ts";
import { learn, STRATEGIES, strategyOf } from "../../lib/continual/mod.ts";
import { random } from "../../lib/core/mod.ts";
import { SIZE, stackImages, STILL_RECIPE, stillImage } from "../training/_still.ts";
import { tinyModel } from "./_tiny.ts";

const IMAGES = [stillImage("a", 3, 24), stillImage("b", 7, 14)];
const MODEL = modelWithStatistics();

/** A model whose means and variances are those of no batch. */
function modelWithStatistics() {
  const { weights, ...rest } = tinyModel(5);
  const stream = random(8);
  const statistics = weights.statistics.map((value) => value + stream.between(0, 0.5));
  return { ...rest, weights: { ...weights, statistics } };
}

/** The detection loss of the network as it picks, with other parameters. */
function lossAt(parameters: Float32Array): number {
  using network = new FrozenNetwork({
    config: MODEL.config,
    weights: { ...MODEL.weights, parameters },
  });
  return tf.tidy(() =>
    detectionLoss(network.forward(stackImages(IMAGES)), targets()).total.dataSync()[0]
  );
}

const targets = () => stackTargets(IMAGES.map(({ objects }) => drawTargets(objects, SIZE, SIZE)));

Deno.test("with frozen means and variances training sees what picking sees, and its slopes", async () => {
  await startBackend("cpu"); // whose sums are the most exact
  const { config, weights } = MODEL;
  const layout = layoutOf(config);
  const [images, target] = [stackImages(IMAGES), targets()];
  let loss = NaN;
  const { gradient, statistics } = gradientsOf(
    weights.parameters,
    layout,
    config,
    images,
    (output) => {
      const found = detectionLoss(output, target);
      loss = found.total.dataSync()[0];
      return { ...found, parts: {} };
    },
    weights.statistics,
  );
  assertAlmostEquals(loss, lossAt(weights.parameters), 1e-4 * loss);
  assertEquals(await statistics.data(), weights.statistics);
  const slopes = await gradient.data() as Float32Array;
  for (const part of ["stem.weight", "level3.tree1.block1.conv2.scale", "final.1.node.shift"]) {
    const { offset, length } = layout.parameters.find(({ name }) => name === part)!;
    const own = slopes.subarray(offset, offset + length);
    const i = offset + own.indexOf(own.reduce((a, b) => Math.abs(b) > Math.abs(a) ? b : a));
    const step = 2e-3;
    const at = (moved: number) => lossAt(weights.parameters.with(i, weights.parameters[i] + moved));
    const slope = (at(step) - at(-step)) / (2 * step);
    assertAlmostEquals(slopes[i], slope, 0.03 * Math.abs(slope), part);
  }
  tf.dispose([images, { ...target }, gradient, statistics]);
});

Deno.test("a lesson of frozen keeps the old means and variances, of replay it does not", async () => {
  const out = await Deno.makeTempDir();
  const lesson = {
    fresh: { train: [IMAGES[0]], validation: [], warnings: [] },
    memory: { exemplars: [IMAGES[1]], vectors: {} },
    old: MODEL,
  };
  const recipe = { ...STILL_RECIPE, steps: 2 };
  const statisticsOf = async (name: string, workers: number) => {
    const options = { recipe, out, backend: "wasm", workers } as const;
    return (await learn(strategyOf(name), lesson, options)).model.weights.statistics;
  };
  const old = MODEL.weights.statistics;
  const isKept = (found: Float32Array) =>
    found.every((value, i) => Math.abs(value - old[i]) < 1e-5);
  assert(isKept(await statisticsOf("frozen", 1)));
  assert(isKept(await statisticsOf("epicker+frozen", 2)));
  assert(!isKept(await statisticsOf("replay", 1)));
  assertEquals(STRATEGIES.frozen.data, "exemplars");
  await Deno.remove(out, { recursive: true });
});
