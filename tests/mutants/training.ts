import type { Mutant } from "../_mutants.ts";
import { slips } from "./_slips.ts";

export const TRAINING: Mutant[] = [
  ...slips("lib/training/adam.ts", ["tests/training/adam_test.ts"], [
    [
      "Adam without the correction of its mean",
      "learningRate / (1 - beta1 ** (step + 1))",
      "learningRate",
    ],
    ["Adam without the correction of its square", "1 / (1 - beta2 ** (step + 1))", "1"],
    ["Adam without momentum", "beta1 * m[i] + (1 - beta1) * g", "g"],
    ["Adam's square without the square", "(1 - beta2) * g * g", "(1 - beta2) * Math.abs(g)"],
    ["Adam climbs", "parameters[i] -= rate", "parameters[i] += rate"],
    ["Adam counts its steps from 1", "(1 - beta2 ** (step + 1))", "(1 - beta2 ** (step + 2))"],
  ]),
  ...slips("lib/training/vectors.ts", ["tests/training/vectors_test.ts"], [
    ["gradients are not clipped", "Math.min(1, limit / Math.sqrt(square))", "1"],
    [
      "short gradients are lengthened",
      "Math.min(1, limit / Math.sqrt(square))",
      "limit / Math.sqrt(square)",
    ],
    [
      "clipping by the largest component",
      "square += vector[i] * vector[i]",
      "square = Math.max(square, vector[i] * vector[i])",
    ],
    ["shards add up", "mean[i] += vector[i] / count", "mean[i] += vector[i]"],
    [
      "averages take the decay for the share of the new",
      "decay * old[i] + (1 - decay) * fresh[i]",
      "(1 - decay) * old[i] + decay * fresh[i]",
    ],
  ]),
  ...slips("lib/training/recipe.ts", ["tests/training/train_test.ts"], [
    ["no warm-up", "if (step < rise)", "if (step < 0)"],
    ["the learning rate does not fall", "0.5 * (1 + Math.cos(Math.PI * along))", "1"],
    ["the learning rate falls linearly", "0.5 * (1 + Math.cos(Math.PI * along))", "(1 - along)"],
    ["warm-up of one step", "Math.max(1, Math.round(total * recipe.warmUp))", "1"],
  ]),
  ...slips("lib/training/run.ts", ["tests/training/steps_test.ts"], [
    [
      "the stored model is the last, not the average",
      "const { parameters, statistics } = this.state.average;",
      "const { parameters, statistics } = this.state.weights;",
    ],
    [
      "the average keeps its beginning",
      "Math.min(this.#recipe.averageDecay, (1 + step) / (10 + step))",
      "this.#recipe.averageDecay",
    ],
    [
      "the average follows the weights at once",
      "blend(average.parameters, weights.parameters, decay);",
      "blend(average.parameters, weights.parameters, 0);",
    ],
    [
      "the gathered statistics are not averaged",
      "blend(average.statistics, weights.statistics, decay);",
      "",
    ],
    ["statistics are those of the last batch", "0.9);", "0);"],
    ["the training loop does not clip", "    clipNorm(gradient, MAX_GRADIENT);\n", ""],
    [
      "one learning rate for all steps",
      "learningRateAt(step, total, this.#recipe)",
      "this.#recipe.learningRate",
    ],
    [
      "only the first shard is learned",
      "meanOf(results.map((result) => result.gradient))",
      "results[0].gradient",
    ],
  ]),
  ...slips("lib/training/run.ts", ["tests/training/threshold_test.ts"], [
    ["few labels tell a threshold", "labels < TELLING_LABELS", "labels < 0"],
    ["no label tells one", "isLast ? await", "!isLast ? await"],
    ["a stop forgets the threshold", "this.#model(model.threshold)", "this.#model()"],
  ]),
  ...slips("lib/training/augment.ts", ["tests/training/augment_test.ts"], [
    [
      "labels do not turn with the crop",
      "x: scale * (a * dx + d * dy)",
      "x: scale * (a * dx + b * dy)",
    ],
    ["diameters do not grow with the crop", "diameter: diameter * enlargement", "diameter"],
  ]),
  ...slips("lib/training/degrade.ts", ["tests/training/degrade_test.ts"], [
    ["the first zero lies elsewhere", "k2 / zero ** 2", "k2 / zero"],
    ["no amplitude contrast", "AMPLITUDE_CONTRAST;\n  const factor", "0;\n  const factor"],
    ["all crops change", "< SHARES.transfer", "< 1"],
  ]),
  ...slips("lib/training/images.ts", ["tests/training/images_test.ts"], [
    ["nothing is held out", "Math.max(1, Math.round(own.length * VALIDATION_FRACTION))", "0"],
    ["held-out images are learned as well", "own.slice(0, own.length - held)", "own"],
  ]),
  ...slips("lib/training/keep_labels.ts", ["tests/training/sparse_test.ts"], [
    ["the first labels are kept", "random(seed, i).shuffle(image.objects)", "image.objects"],
  ]),
  ...slips("lib/training/state.ts", ["tests/training/train_test.ts"], [
    [
      "a resumed run begins with an empty optimiser",
      'm: take("m", parameters.length)',
      "m: new Float32Array(parameters.length)",
    ],
    [
      "a resumed run trains the average",
      'parameters: take("parameters", parameters.length)',
      "parameters: parameters.slice()",
    ],
  ]),
];
