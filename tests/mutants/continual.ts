/**
 * Wrong programs of `training` and `continual` that the tests must notice.
 *
 * @module
 */

const SHARD = "tests/training/shard_test.ts";
const STEP = "tests/continual/step_test.ts";
const LOSSES = "tests/continual/losses_test.ts";
const LEARN = "tests/continual/learn_test.ts";
const MAPS = "tests/training/stored_maps_test.ts";
const THRESHOLD = "tests/training/threshold_test.ts";
const PASTE = "tests/training/paste_test.ts";
const FROZEN = "tests/continual/frozen_test.ts";
const UNSURE = "tests/continual/unsure_test.ts";
const AVERAGE = "tests/continual/average_test.ts";
const TEACHER = "tests/continual/ema_teacher_test.ts";
const DER = "tests/continual/der_test.ts";

/** Slips in one file, each a name, the tests, the text that it changes and what it becomes. */
function slips(file: string, changes: [name: string, test: string, find: string, to: string][]) {
  return changes.map(([name, test, find, replace]) => {
    return { name, file: `lib/${file}`, find, replace, tests: [test] };
  });
}

const SHARDS = slips("training/shard.ts", [
  ["crops are those of the shard drawn before", SHARD, " && prepared.shard === shard", ""],
  [
    "crops are those of the step drawn before",
    SHARD,
    "prepared?.step === step && prepared.",
    "prepared?.",
  ],
  [
    "nothing is replayed in a shard",
    SHARD,
    "replay.length === 0 ? 0 : shardSize >> 1",
    "0",
  ],
  [
    "everything is replayed in a shard",
    STEP,
    "if (i >= shardSize - replayed)",
    "if (replayed > 0)",
  ],
  [
    "replayed crops come first",
    SHARD,
    "if (i >= shardSize - replayed)",
    "if (i < replayed)",
  ],
  [
    "shards without a teacher",
    STEP,
    "objective.teacherOn && teacher && new FrozenNetwork(teacher)",
    "undefined",
  ],
  [
    "the teacher looks at the wrong crops",
    SHARD,
    "[first, 0, 0, 0], [seen",
    "[count - seen - first, 0, 0, 0], [seen",
  ],
  [
    "the teacher of the new looks at the replayed as well",
    SHARD,
    "new: [0, count - replayed]",
    "new: [0, count]",
  ],
  [
    "stored maps of the new crops",
    SHARD,
    "crops.slice(shardSize - replayed)",
    "crops.slice(0, replayed)",
  ],
  [
    "stored maps are not handed on",
    STEP,
    "stored = batch.stored = storedMaps",
    "stored = storedMaps",
  ],
  [
    "ignore regions are not handed on",
    SHARD,
    "drawTargets(objects, cropSize, cropSize, ignored)",
    "drawTargets(objects, cropSize, cropSize)",
  ],
  ["sparse labels are taken for all", SHARD, "        sparse,\n", "        sparse: false,\n"],
  ["datasets are drawn by their labels", SHARD, " ** balance", " ** 1"],
  ["only a dataset's first image is drawn", SHARD, "stream.integer(group.length)", "0"],
  ["nothing is pasted", PASTE, "n < pasted", "n < 0"],
  ["pasting draws from the crops' own stream", PASTE, "random(seed, step, shard, 1)", "stream"],
  ["nobody asks what is known of a batch", UNSURE, "prepare ? prepare(batch) : batch", "batch"],
  ["the teacher of all looks at the new", UNSURE, "all: [0, count]", "all: [0, count - replayed]"],
  ["all shards of a step are alike", SHARD, "random(seed, step, shard)", "random(seed, step)"],
  ["all steps are alike", SHARD, "random(seed, step, shard)", "random(seed, shard)"],
]);

const TRAIN = slips("training/run.ts", [
  [
    "the pull is never called",
    STEP,
    "    this.#options.pull?.(gradient, weights.parameters);\n",
    "",
  ],
  [
    "the pull looks at the average of the weights",
    STEP,
    "this.#options.pull?.(gradient, weights.parameters)",
    "this.#options.pull?.(gradient, average.parameters)",
  ],
  [
    "the gradient is pulled after it is shortened",
    SHARD,
    "    this.#options.pull?.(gradient, weights.parameters);\n    clipNorm(gradient, MAX_GRADIENT);\n",
    "    clipNorm(gradient, MAX_GRADIENT);\n    this.#options.pull?.(gradient, weights.parameters);\n",
  ],
  [
    "a run without its replay",
    STEP,
    "      replay,\n      objective,\n      teacher:",
    "      objective,\n      teacher:",
  ],
  [
    "a run whose normalisations are not kept",
    FROZEN,
    "from?.weights.statistics : undefined",
    "undefined : undefined",
  ],
  [
    "the second teacher is the student",
    TEACHER,
    "this.#options.objective?.averageOn && average;",
    "this.#options.objective?.averageOn && weights;",
  ],
  ["a run without its objective", STEP, "      objective,\n      teacher:", "      teacher:"],
  ["a run without its teacher", STEP, "teacher: teacher && {", "teacher: undefined && {"],
  [
    "only the first shard counts",
    SHARD,
    "meanOf(results.map((result) => result.gradient))",
    "results[0].gradient",
  ],
]);

const WORKERS = slips("training/workers.ts", [
  [
    "workers go on with the weights of the first step",
    SHARD,
    "shared.set(parameters);",
    "if (step === 0) shared.set(parameters);",
  ],
  ["workers know no average", STEP, '"shard", step, shard, average)', '"shard", step, shard)'],
  [
    "shards of workers in the wrong order",
    SHARD,
    "results[shard] = await",
    "results[shards - 1 - shard] = await",
  ],
]);

const STORED = slips("training/augment.ts", [
  [
    "stored maps are read by columns",
    MAPS,
    "heat[row * columns + column]",
    "heat[column * rows + row]",
  ],
  [
    "stored maps are transposed in the crop",
    MAPS,
    "[fromCell(i % cells), fromCell(Math.floor(i / cells))]",
    "[fromCell(Math.floor(i / cells)), fromCell(i % cells)]",
  ],
  [
    "stored maps do not move with the crop",
    MAPS,
    "toCell(a * px + b * py + c), toCell(d * px + e * py + f)",
    "toCell(px), toCell(py)",
  ],
]);

const VALIDATE = slips("training/validate.ts", [
  [
    "threshold .01 where nothing is right",
    THRESHOLD,
    "best > 0 ? THRESHOLDS[worth.indexOf(best)] : model.threshold",
    "THRESHOLDS[worth.indexOf(best)]",
  ],
  [
    "threshold .05 where no fiber is right",
    THRESHOLD,
    "{ threshold: otherwise, f1: 0 }",
    "scored[0]",
  ],
]);

const LESSONS = slips("continual/learn.ts", [
  [
    "lessons without a teacher",
    STEP,
    "    teacher: strategy.teacherOn && old,\n",
    "",
  ],
  [
    "lessons without a pull",
    STEP,
    "    pull: old && strategy.pull?.({ old, memory }),\n",
    "",
  ],
  [
    "lessons do not start from the old model",
    STEP,
    "    from,\n",
    "",
  ],
  [
    "lessons replay nothing",
    STEP,
    'strategy.data === "exemplars" ? memory.exemplars : []',
    "[]",
  ],
  [
    "joint training without the data of before",
    STEP,
    'strategy.data === "everything" ? before : []',
    "[]",
  ],
  [
    "exemplars have no say in which model is best",
    LEARN,
    "[...fresh.validation, ...replay]",
    "fresh.validation",
  ],
  [
    "fresh weights pick particles after vesicles",
    LEARN,
    "{ ...options.recipe, mode,",
    "{ ...options.recipe,",
  ],
  ["what a strategy makes in the end is dropped", AVERAGE, "|| result.model;", "&& result.model;"],
  ["exemplars do not depend on the seed", LEARN, "seed: recipe.seed", "seed: 1"],
  ["a strategy's exemplar options are dropped", LEARN, ", ...strategy.exemplars", ""],
]);

const DISTILLATION = slips("continual/distillation.ts", [
  [
    "features are summed, not averaged",
    LOSSES,
    "tf.mean(tf.squaredDifference(student, teacher))",
    "tf.sum(tf.squaredDifference(student, teacher))",
  ],
  [
    "heat maps are compared before the sigmoid",
    LOSSES,
    "tf.sigmoid(logits), probability",
    "logits, probability",
  ],
  [
    "heat maps are not compared per particle",
    LOSSES,
    "tf.maximum(tf.sum(tf.square(probability)), 1)",
    "tf.scalar(1)",
  ],
  [
    "few particles make the kept heat map weigh more",
    LOSSES,
    "tf.maximum(tf.sum(tf.square(probability)), 1)",
    "tf.sum(tf.square(probability))",
  ],
  [
    "offsets are kept in empty places as well",
    LOSSES,
    "tf.abs(tf.sub(student.offset, teacher.offset)), weight",
    "tf.abs(tf.sub(student.offset, teacher.offset)), 1",
  ],
  ["the last crops are the first", LOSSES, "map, map.shape[0] - count, count", "map, 0, count"],
  ["terms have no weight", LOSSES, "tf.mul(term, weight)", "term"],
  ["terms look at the first crops", STEP, "[start, 0, 0, 0]", "[0, 0, 0, 0]"],
]);

const PULLS = slips("continual/weight_pull.ts", [
  [
    "filters are pulled half as strongly",
    STEP,
    "2 * strength * (parameters[i] - old[i])",
    "strength * (parameters[i] - old[i])",
  ],
  [
    "filters are pushed away",
    STEP,
    "2 * strength * (parameters[i] - old[i])",
    "2 * strength * (old[i] - parameters[i])",
  ],
  [
    "normalisations and biases are pulled too",
    STEP,
    '.filter(({ name }) => name.endsWith(".weight"))',
    "",
  ],
  ["importance has no say", STEP, "strength * importance[i] * (", "strength * ("],
]);

const STRATEGIES = [
  ...slips("continual/strategies/epicker.ts", [
    [
      "epicker without the heat map",
      LOSSES,
      'addTerm(loss, "kept heat", heat, distillation)',
      'addTerm(loss, "kept heat", heat, 0)',
    ],
    ["epicker without the fine features", LOSSES, "deep.add(fine)", "deep"],
    ["epicker without the deep features", LOSSES, "deep.add(fine)", "fine"],
    ["epicker compares all crops", LOSSES, "replay ? replayed : count", "count"],
    ["epicker keeps logits", LOSSES, 'kept("heat").sigmoid()', 'kept("heat")'],
    ["epicker's λ₁ is 1", STEP, "  distillation: 0.1,", "  distillation: 1,"],
    ["epicker pulls without being asked", STEP, "  pull: 0,", "  pull: 0.01,"],
    [
      "epicker's teacher looks at the new crops",
      STEP,
      'distillation === 0 ? undefined : replay ? "replayed" : "new"',
      'distillation === 0 ? undefined : "new"',
    ],
    ["epicker never pulls", STEP, "pull > 0 ? (", "pull < 0 ? ("],
  ]),
  ...slips("continual/strategies/ema_teacher.ts", [
    ["the average teaches nothing", LOSSES, "if (averaged === undefined)", "if (averaged)"],
    ["the average looks at the new crops", STEP, 'averageOn: "replayed"', 'averageOn: "new"'],
  ]),
  ...slips("continual/strategies/lwf.ts", [
    [
      "LwF without offsets",
      LOSSES,
      'addTerm(kept, "kept offset", offsetDistance(output, teacher), strength)',
      "kept",
    ],
    ["LwF without a teacher", STEP, '    teacherOn: "new",\n', ""],
  ]),
  ...slips("continual/strategies/der.ts", [
    [
      "DER++ ignores its stored maps",
      LOSSES,
      "if (stored === undefined) return loss;",
      "return loss;",
    ],
    [
      "DER++ transposes what it stores",
      DER,
      "heat.sigmoid()",
      "heat.sigmoid().transpose([0, 2, 1, 3])",
    ],
    [
      "DER++ stores logits",
      DER,
      "heat.sigmoid()",
      "heat",
    ],
    [
      "DER++ stores anew what it has",
      DER,
      "if (exemplar.heat !== undefined) return exemplar;",
      "",
    ],
  ]),
  ...slips("continual/strategies/ewc.ts", [
    ["EWC with |g| + 1 for g²", LEARN, "gradient[i] ** 2", "Math.abs(gradient[i]) + 1"],
    ["EWC with crops of 256", LEARN, "...recipe, config", "...recipe, cropSize: 256, config"],
    [
      "EWC forgets what was important before",
      LEARN,
      "known ? fresh.map((value, i) => value + known[i]) : fresh",
      "fresh",
    ],
    [
      "EWC looks at one batch again and again",
      LEARN,
      "gradient(parameters, step, 0)",
      "gradient(parameters, 0, 0)",
    ],
    ["EWC's importance is not scaled", LEARN, "value / typical", "value"],
    [
      "EWC takes everything for equally important",
      STEP,
      "pullByImportance(old, importance, strength)",
      "pullByImportance(old, importance.map(() => 1), strength)",
    ],
  ]),
  ...slips("continual/strategies/anchor.ts", [
    ["the anchor does not hold", STEP, "    pull: ({ old }) => pullFilters(old, strength),\n", ""],
  ]),
  ...slips("continual/strategies.ts", [
    ["LwF is fine-tuning", LOSSES, 'lwf: at("lwf", lwf)', 'lwf: at("fine_tune", fineTune)'],
    ["no-replay replays", STEP, "{ replay: false }", "{}"],
  ]),
  ...slips("continual/strategies/unsure.ts", [
    [
      "labelled particles are unsure",
      UNSURE,
      "tf.equal(targets.heat, 0)",
      "tf.onesLike(targets.heat).cast('bool')",
    ],
    ["what was ignored is learned", UNSURE, "targets.ignored ?? 0", "0"],
    ["all that is likely is ignored", UNSURE, "tf.logicalAnd(isPeak, isBare)", "isBare"],
  ]),
  ...slips("continual/interpolation.ts", [
    [
      "the old weights have the share of the new",
      AVERAGE,
      "share * value + (1 - share)",
      "(1 - share) * value + share",
    ],
    ["statistics of new crops alone", AVERAGE, ", replay: exemplars", ""],
  ]),
  ...slips("training/paste.ts", [
    ["a pasted particle has no label", PASTE, "into.objects = [...into.objects, place];", ""],
    ["particles are pasted onto others", PASTE, "taken.every(", "taken.some("],
    ["particles that are cut off are pasted", PASTE, "from.objects.filter(fits)", "from.objects"],
  ]),
  ...slips("continual/strategies/average.ts", [
    ["the first share is taken", AVERAGE, "ap + f1 > most", "most < 0"],
  ]),
];

/** Each a text that occurs once in a file, what stands there instead, and the tests that must fail. */
export const CONTINUAL = [
  ...SHARDS,
  ...TRAIN,
  ...WORKERS,
  ...STORED,
  ...VALIDATE,
  ...LESSONS,
  ...DISTILLATION,
  ...PULLS,
  ...STRATEGIES,
];
