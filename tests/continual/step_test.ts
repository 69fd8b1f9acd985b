import { assertGreater } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { startBackend } from "../../lib/backend/mod.ts";
import {
  FrozenNetwork,
  initialWeights,
  layoutOf,
  type Model,
  type NetworkOutput,
} from "../../lib/centernet/mod.ts";
import { random } from "../../lib/core/mod.ts";
import { type Lesson, loadStrategy, STRATEGIES, strategyOf } from "../../lib/continual/mod.ts";
import type { TrainingImage } from "../../lib/training/mod.ts";
import { assertClose } from "../_backends.ts";
import {
  largestOf,
  normOf,
  plainShard,
  SIZE,
  stackImages,
  stillImage,
} from "../training/_still.ts";
import { type LearnedStep, learnedSteps } from "./_learned_steps.ts";
import { tinyModel } from "./_tiny.ts";

// The gradient of training steps, from the formulas of the strategies and on crops that are known.

const NEW = stillImage("new", 3, 24);
const KEPT = { ...stillImage("old", 7, 14), heat: stillHeat() };
const BARE = { ...NEW, objects: [] };
const OLD = await oldModel();
const IMPORTANCE = importanceValues();

/** A model with the statistics of what it sees, as a trained one has them. */
async function oldModel(): Promise<Model> {
  await startBackend("wasm");
  const { weights: { parameters }, ...rest } = tinyModel(5);
  const { statistics } = await plainShard(rest.config, parameters, [NEW, KEPT]);
  return { ...rest, weights: { parameters, statistics } };
}

/** A stored heat map that is the same under all symmetries of the square. */
function stillHeat(): Float32Array {
  const cells = SIZE / 4;
  return Float32Array.from({ length: cells * cells }, (_, i) => {
    const [dx, dy] = [i % cells - 7.5, Math.floor(i / cells) - 7.5];
    return Math.exp(-((Math.sqrt(dx * dx + dy * dy) - 4) ** 2));
  });
}

function importanceValues(): Float32Array {
  const stream = random(3);
  return OLD.weights.parameters.map(() => stream.between(0, 2));
}

type Output = NetworkOutput<tf.Tensor4D>;
type OldTerm = (output: Output, old: Output, average: Output) => tf.Tensor;

/** What a strategy learns from in a shard of three crops, and what it adds to the detection loss. */
interface Formula {
  crops: TrainingImage[];
  /** Whether it starts from fresh weights. */
  fresh?: true;
  /** What it adds, from the output, the old model's, and that of the average of the weights. */
  term?: OldTerm;
  /** ½ of the factor on (θ − θ_old) of its pull; filters have four axes. */
  pull?: (index: number, axes: number) => number;
}

const [NEW_ONLY, REPLAYED] = [[NEW, NEW, NEW], [NEW, NEW, KEPT]];
const [ALL, LAST] = [[0, 1, 2], [2]];

/** Some of the crops of a map. */
const only = (map: tf.Tensor, crops: number[]) => {
  const all = tf.unstack(map);
  return tf.stack(crops.map((i) => all[i]));
};

const meanSquare = (a: tf.Tensor, b: tf.Tensor, crops: number[]) =>
  tf.mean(tf.square(tf.sub(only(a, crops), only(b, crops))));

/** Σ (p − q)² / max(1, Σ q²) of a heat map's probabilities and those to be kept. */
const perParticle = (logits: tf.Tensor, q: tf.Tensor) =>
  tf.div(
    tf.sum(tf.square(tf.sub(tf.sigmoid(logits), q))),
    Math.max(1, tf.sum(tf.square(q)).dataSync()[0]),
  );

const features = ({ deep, fine }: Output, old: Output, crops: number[]) =>
  tf.add(meanSquare(deep, old.deep, crops), meanSquare(fine, old.fine, crops));

const heat = (output: Output, old: Output, crops: number[]) =>
  perParticle(only(output.heat, crops), tf.sigmoid(only(old.heat, crops)));

/** Σ |o − o_old| w / Σ w with the old heat map's probabilities as weights, over both components. */
const offsets = ({ offset }: Output, old: Output) => {
  const weight = tf.sigmoid(old.heat);
  const distance = tf.sum(tf.abs(tf.sub(offset, old.offset)), 3, true);
  return tf.div(tf.sum(tf.mul(distance, weight)), Math.max(1, tf.sum(weight).dataSync()[0]));
};

const distilled = (weight: number, crops: number[]): OldTerm => (output, old) =>
  tf.mul(weight, tf.add(features(output, old, crops), heat(output, old, crops)));

const filters = (_: number, axes: number) => axes === 4 ? 0.01 : 0;

const FORMULAS: Record<string, Formula> = {
  scratch: { crops: NEW_ONLY, fresh: true },
  joint: { crops: [KEPT, KEPT, KEPT], fresh: true }, // no labels in the new data: none is drawn
  "fine-tune": { crops: NEW_ONLY },
  separate: { crops: NEW_ONLY },
  cumulative: { crops: [KEPT, KEPT, KEPT] },
  replay: { crops: REPLAYED },
  anchor: { crops: NEW_ONLY, pull: filters },
  ewc: { crops: NEW_ONLY, pull: (index) => 0.01 * IMPORTANCE[index] },
  lwf: {
    crops: NEW_ONLY,
    term: (output, old) => tf.mul(0.5, tf.add(heat(output, old, ALL), offsets(output, old))),
  },
  der: {
    crops: REPLAYED,
    term: ({ heat }) =>
      tf.mul(0.5, perParticle(only(heat, LAST), tf.reshape(KEPT.heat, [1, 16, 16, 1]))),
  },
  epicker: { crops: REPLAYED, term: distilled(0.1, LAST) },
  "ema-teacher": {
    crops: REPLAYED,
    term: (output, old, average) =>
      tf.add(distilled(0.1, LAST)(output, old, old), tf.mul(0.1, heat(output, average, LAST))),
  },
  "epicker/paper": { crops: REPLAYED, term: distilled(0.1, LAST), pull: filters },
  "epicker/distillation-1": { crops: REPLAYED, term: distilled(1, LAST) },
  "epicker/no-replay": { crops: NEW_ONLY, term: distilled(0.1, ALL) },
  "epicker/heat-only": {
    crops: REPLAYED,
    term: (output, old) => tf.mul(0.1, heat(output, old, LAST)),
  },
  "epicker/features-only": {
    crops: REPLAYED,
    term: (output, old) => tf.mul(0.1, features(output, old, LAST)),
  },
};

/**
 * The gradient of a step at some parameters from its formula, shortened to the norm of 5.
 *
 * @param average The running average of the weights before the step.
 */
async function plainStep(
  { crops, term, pull }: Formula,
  { parameters, average }: Omit<LearnedStep, "gradient">,
) {
  using teacher = new FrozenNetwork(OLD);
  using second = new FrozenNetwork({ ...OLD, weights: average });
  const images = stackImages(crops);
  const seen = tf.tidy(() => ({ ...teacher.forward(images) })) as Output;
  const averaged = tf.tidy(() => ({ ...second.forward(images) })) as Output;
  const { gradient } = await plainShard(
    OLD.config,
    parameters,
    crops,
    term && ((output) => term(output, seen, averaged) as tf.Scalar),
  );
  tf.dispose([images, { ...seen }, { ...averaged }]);
  if (pull !== undefined) {
    for (const { offset, length, shape } of layoutOf(OLD.config).parameters) {
      for (let i = offset; i < offset + length; i++) {
        gradient[i] += 2 * pull(i, shape.length) * (parameters[i] - OLD.weights.parameters[i]);
      }
    }
  }
  const shrink = Math.min(1, 5 / normOf(gradient));
  return gradient.map((value) => value * shrink);
}

/** Asserts that two steps of learning by a strategy are those of its formula. */
async function assertSteps(name: string, workers: number): Promise<void> {
  await startBackend("wasm");
  const formula = FORMULAS[name];
  const strategy = name === "ewc"
    ? await loadStrategy({ ...STRATEGIES.ewc.source, options: { batches: 1 } })
    : strategyOf(name);
  const lesson: Lesson = {
    fresh: { train: [formula.crops.includes(NEW) ? NEW : BARE], validation: [], warnings: [] },
    before: [KEPT],
    old: OLD,
    memory: { exemplars: [KEPT], vectors: { importance: IMPORTANCE } },
  };
  const weights = formula.fresh ? initialWeights(layoutOf(OLD.config), 1) : OLD.weights;
  const steps = await learnedSteps(strategy, lesson, weights, workers);
  for (const [i, { gradient, ...start }] of steps.entries()) {
    const expected = await plainStep(formula, start);
    assertClose(gradient, expected, 1e-5, `gradient of ${name} in step ${i}`);
    for (const part of ["term", "pull"] as const) {
      if (formula[part] === undefined || (part === "pull" && i === 0)) continue; // nothing moved yet
      const { [part]: _, ...rest } = formula;
      const without = await plainStep(rest, start);
      const change = largestOf(expected.map((value, i) => value - without[i]));
      assertGreater(change, 1e-4 * largestOf(expected), `what the ${part} of ${name} changes`);
    }
  }
}

for (const name of Object.keys(FORMULAS)) {
  Deno.test(`two steps of ${name} have the gradient of its formula`, () => assertSteps(name, 1));
}

for (const name of ["epicker/paper", "ema-teacher", "lwf", "der"]) {
  Deno.test(`two steps of ${name} in workers have the gradient of its formula`, () =>
    assertSteps(name, 2));
}
