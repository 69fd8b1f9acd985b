/**
 * Wrong programs that the tests must notice: `deno task mutants` tries them.
 *
 * Each is a slip that somebody could make and that would make results wrong. Where one survives, a
 * test is missing; it is not taken off the list.
 *
 * @module
 */
import type { Mutant } from "./_mutants.ts";

/** Slips in one file, each a name, the text that it changes and what it becomes. */
function slips(
  file: string,
  tests: string[],
  changes: [name: string, find: string, replace: string][],
): Mutant[] {
  return changes.map(([name, find, replace]) => ({ name, file, find, replace, tests }));
}

const CENTERNET: Mutant[] = [
  ...slips("lib/centernet/targets.ts", ["tests/centernet/targets_test.ts"], [
    [
      "cells are centred on their first pixel",
      "(pixel + 0.5) / OUTPUT_STRIDE - 0.5",
      "pixel / OUTPUT_STRIDE",
    ],
    ["targets half as wide", "2 * sigma * sigma", "sigma * sigma"],
    ["the size of an object has no part in its target", "SIGMA_RATIO * object.diameter", "32"],
    ["targets add up where objects overlap", "Math.max(heat[r * width + c], value)", "value"],
    ["the peak of a target is below 1", "  heat[cell] = 1;\n", ""],
    ["centres are not marked", "  centre[cell] = 1;\n", ""],
    [
      "offsets of columns and rows swapped",
      "offset[2 * cell] = x - column",
      "offset[2 * cell] = y - row",
    ],
    ["offsets towards the cell", "= y - row;", "= row - y;"],
    [
      "sizes are no logarithms",
      "Math.log(object.diameter / SIZE_UNIT)",
      "object.diameter / SIZE_UNIT",
    ],
    ["ignore regions of twice the size", "<= c.diameter / 2", "<= c.diameter"],
  ]),
  ...slips("lib/centernet/loss.ts", [
    "tests/centernet/loss_test.ts",
    "tests/centernet/sparse_labels_test.ts",
  ], [
    ["loss not divided by the objects", "tf.maximum(tf.sum(target.centre), 1)", "tf.scalar(1)"],
    ["focal loss without α on peaks", "tf.mul(tf.square(q), tf.log(p))", "tf.mul(q, tf.log(p))"],
    ["focal loss without α elsewhere", "tf.mul(tf.square(p), tf.log(q))", "tf.mul(p, tf.log(q))"],
    ["β = 2", "tf.square(tf.square(tf.sub(1, heat)))", "tf.square(tf.sub(1, heat))"],
    ["ignored cells are penalised", "penalty = tf.mul(penalty, tf.sub(1, ignored))", "penalty"],
    [
      "offsets are learned in every cell",
      "tf.abs(tf.sub(output.offset, target.offset)), target.centre",
      "tf.abs(tf.sub(output.offset, target.offset)), 1",
    ],
    ["offset counts twice", "tf.mul(count, 2)", "count"],
    ["size counts as much as the rest", "SIZE_WEIGHT = 0.1", "SIZE_WEIGHT = 1"],
    ["promoted peaks are no labels", "tf.add(centre, rule.promoted)", "centre"],
  ]),
  ...slips("lib/centernet/sparse_labels.ts", [
    "tests/centernet/sparse_labels_test.ts",
    "tests/centernet/loss_test.ts",
  ], [
    [
      "sparse labels: neighbours of a peak are promoted",
      "tf.logicalAnd(peak, tf.greater(p, promote))",
      "tf.greater(p, promote)",
    ],
    ["sparse labels: full images count as sparse", "tf.mul(bare, sparse)", "bare"],
    [
      "sparse labels: likely cells are penalised as others",
      "likelyPenalty - penalty, isLikely",
      "0, isLikely",
    ],
  ]),
  ...slips("lib/centernet/decode.ts", ["tests/centernet/decode_test.ts"], [
    ["picks without their offset", "fromCell(column + values[at + 1])", "fromCell(column)"],
    ["decoded offsets swapped", "row + values[at + 2]", "row + values[at + 1]"],
    [
      "the worst candidates are kept",
      "candidates.sort((a, b) => b.score - a.score)",
      "candidates.sort((a, b) => a.score - b.score)",
    ],
    [
      "suppression takes the radius for the diameter",
      ">= (ratio * diameter) ** 2",
      ">= (ratio * diameter / 2) ** 2",
    ],
    [
      "circles that touch overlap wholly",
      "if (distance >= r + s) return 0;",
      "if (distance >= r + s) return 1;",
    ],
    ["the typical diameter is the least", "[diameters.length >> 1]", "[0]"],
    [
      "vesicles are told apart as particles",
      'if (mode === "vesicle") return',
      'if (mode === "fiber") return',
    ],
    [
      "fibers' points are as far apart as particles",
      'mode === "fiber" ? FIBER_SUPPRESSION_RATIO',
      'mode === "vesicle" ? FIBER_SUPPRESSION_RATIO',
    ],
  ]),
  ...slips("lib/centernet/network.ts", ["tests/centernet/network_test.ts"], [
    ["residual blocks without their shortcut", "net.relu(net.add(out, shortcut))", "net.relu(out)"],
    [
      "residual blocks end without ReLU",
      "return net.relu(net.add(out, shortcut))",
      "return net.add(out, shortcut)",
    ],
    ["maps of the decoder are not added", "net.add(up, fine), channels)", "up, channels)"],
    [
      "a root mixes its blocks the other way round",
      "net.concat([b, a, ...passed])",
      "net.concat([a, b, ...passed])",
    ],
    [
      "the coarse map is left out at the end",
      'return merge(net, "final.2", coarse, merged, 2);',
      'merge(net, "final.2", coarse, merged, 2);\n  return merged;',
    ],
    ["heads start at a probability of one half", "HEAT_BIAS = -2.19", "HEAT_BIAS = 0"],
  ]),
  ...slips("lib/centernet/fold.ts", ["tests/centernet/network_test.ts"], [
    ["the mean is not folded into the bias", "shift[c] - mean[c] * f", "shift[c]"],
    [
      "variances fold without their root",
      "scale[c] / Math.sqrt(v + NORM_EPSILON)",
      "scale[c] / (v + NORM_EPSILON)",
    ],
  ]),
];

const EVALUATION: Mutant[] = [
  ...slips("lib/evaluation/match.ts", [
    "tests/evaluation/match_test.ts",
    "tests/evaluation/average_precision_test.ts",
  ], [
    [
      "a particle is found by many picks",
      "if (distance <= radius && distance < nearest) [nearest, matches[i]] = [distance, j];\n    }\n    if (matches[i] !== UNMATCHED) free[matches[i]] = 0;",
      "if (distance <= radius && distance < nearest) [nearest, matches[i]] = [distance, j];\n    }",
    ],
    ["matches within a square", "distance <= radius && distance < nearest", "distance < nearest"],
    [
      "picks match in the order of the file",
      "for (const i of scoreOrder(picks)) {",
      "for (const i of picks.keys()) {",
    ],
    ["overlap by intersection alone", "b.side * b.side - intersection)", "b.side * b.side)"],
    ["ignore regions take right picks aside", "if (match !== UNMATCHED) return match;", ""],
    ["ignore regions all have the particle's size", "region.diameter ?? diameter", "diameter"],
  ]),
  ...slips("lib/evaluation/average_precision.ts", ["tests/evaluation/average_precision_test.ts"], [
    [
      "AP without interpolation",
      "precisions[i - 1] = Math.max(precisions[i - 1], precisions[i]);",
      "",
    ],
    ["AP at 11 recalls", "RECALL_POINTS = 101", "RECALL_POINTS = 11"],
    ["picks in ignore regions count in AP", ".filter((i) => matches[i] !== IGNORED)", ""],
    [
      "micrographs compete in turn, not by score",
      "  detections.sort((a, b) => b.score - a.score);\n",
      "",
    ],
  ]),
  ...slips("lib/evaluation/precision_recall.ts", ["tests/evaluation/evaluate_test.ts"], [
    [
      "F1 is the mean of precision and recall",
      "f1: 2 * hits / (kept + truth)",
      "f1: (hits / kept + hits / truth) / 2",
    ],
    ["matching within a whole diameter", "RADIUS_DIAMETERS = 0.5", "RADIUS_DIAMETERS = 1"],
    [
      "equal scores have points of their own",
      "if (sorted[i + 1]?.score !== score) points",
      "points",
    ],
    ["of equal F1 the lowest threshold", "point.f1 > best.f1", "point.f1 >= best.f1"],
    ["picks in ignore regions count in F1", "if (matches[i] === IGNORED) return [];", ""],
  ]),
  ...slips("lib/evaluation/forgetting.ts", ["tests/evaluation/forgetting_test.ts"], [
    [
      "drops count gains as losses",
      "(before, now) => before - now",
      "(before, now) => now - before",
    ],
    ["forgetting from the first score, not the best", "combine(a, b, Math.max)", "a"],
    ["forward transfer after learning", "scores[learnedAt[j] - 1][j]", "scores[learnedAt[j]][j]"],
    ["drops of data not yet learned", "all.filter((j) => learnedAt[j] < stage)", "all"],
    ["complexity without AR", "1 / (ap + ar)", "1 / (2 * ap)"],
  ]),
  ...slips("lib/evaluation/fibers.ts", ["tests/evaluation/fibers_test.ts"], [
    [
      "false length is all that is traced",
      "if (piece === undefined) sums.falseLength += length;",
      "sums.falseLength += length;\n      if (piece === undefined) continue;",
    ],
    ["a fiber is found by a tenth", "FOUND_PART = 0.5", "FOUND_PART = 0.1"],
    [
      "a traced line counts for the fiber that it follows least",
      "([, a], [, b]) => b - a)",
      "([, a], [, b]) => a - b)",
    ],
    ["broken fibers count as whole", "new Set(followed).size", "followed.length"],
  ]),
];

const TRACING: Mutant[] = [
  ...slips("lib/tracing/trace.ts", ["tests/tracing/trace_test.ts"], [
    [
      "pieces of fibers are not joined",
      "return joinPieces(followAll(new PointField(thinned(points, 2 * sigma)), limits), limits);",
      "return followAll(new PointField(thinned(points, 2 * sigma)), limits);",
    ],
    [
      "fibers' scores are those of their best points",
      "points.reduce((sum, { score = 1 }) => sum + score, 0) / points.length",
      "points.reduce((most, { score = 1 }) => Math.max(most, score), 0)",
    ],
    ["no hysteresis", "WEAK_PART = 1 / 3", "WEAK_PART = 1"],
    ["fibers of any number of points", "if (piece.length < minPoints) return [];", ""],
    ["shortest fibers first", "b.length - a.length", "a.length - b.length"],
  ]),
  ...slips("lib/tracing/follow.ts", ["tests/tracing/trace_test.ts"], [
    ["fibers are followed to one side", "      chain = chain.toReversed();\n", ""],
    ["lines turn at will", "Math.max(off, Math.abs(v - a - b * u) / bend)", "0"],
    ["points of other directions attract a line", "ACROSS_COST * across ** 2", "0"],
  ]),
  ...slips("lib/tracing/polyline.ts", ["tests/tracing/polyline_test.ts"], [
    [
      "boxes begin at the end of a fiber",
      "const first = (length - (count - 1) * spacing) / 2;",
      "const first = 0;",
    ],
    ["a long bow becomes straight", "< maxTurn && isIn(cone, next)", "< maxTurn"],
  ]),
  ...slips("lib/tracing/pixels.ts", ["tests/evaluation/fibers_test.ts"], [
    ["diagonal pixels count as 1", "Math.SQRT2", "1"],
  ]),
  ...slips("lib/tracing/border.ts", ["tests/tracing/border_test.ts"], [
    ["fibers run on to any border", "ahead > 0 && ahead <= farthest", "ahead > 0"],
  ]),
  ...slips("lib/tracing/labels.ts", ["tests/tracing/labels_test.ts"], [
    ["points of fiber labels too far apart", "LABEL_SPACING = 0.25", "LABEL_SPACING = 0.5"],
    ["start–end pairs are read as points", "return isEnds ?", "return false ?"],
  ]),
];

const PREPROCESS: Mutant[] = [
  ...slips("lib/preprocess/geometry.ts", ["tests/preprocess/geometry_test.ts"], [
    [
      "network pixels lie half a pixel off",
      "(value + 0.5) / scale - 0.5 + MARGIN",
      "value / scale + MARGIN",
    ],
    [
      "picks come back without the margin",
      "(value - MARGIN + 0.5) * scale - 0.5",
      "(value + 0.5) * scale - 0.5",
    ],
    ["diameters do not shrink", "point.diameter /= scale", "point.diameter /= 1"],
    [
      "the shorter side becomes 1024 pixels",
      "Math.max(width, height) / targetSize",
      "Math.min(width, height) / targetSize",
    ],
    ["padded sides lack a margin", "content(size) + 2 * MARGIN", "content(size) + MARGIN"],
  ]),
  ...slips("lib/preprocess/resample.ts", ["tests/preprocess/resample_test.ts"], [
    ["no low-pass when reducing", "const stretch = Math.max(scale, 1);", "const stretch = 1;"],
    [
      "filters at borders are not normalised",
      "weights[i * count + j] /= sum",
      "weights[i * count + j] /= stretch",
    ],
    ["samples half a pixel off", "(i + 0.5) * scale - 0.5", "i * scale"],
  ]),
  ...slips("lib/preprocess/equalise.ts", ["tests/preprocess/equalise_test.ts"], [
    ["bright outliers become black", "grey[i] = 255", "grey[i] = 0"],
    ["the range is all values", "RANGE_SIGMAS = 4.5", "RANGE_SIGMAS = 1000"],
    ["ranks without half of their own bin", "below + count / 2", "below"],
    ["linear grey values", "const rank = (below + count / 2) / total;", "const rank = 0.5;"],
  ]),
  ...slips("lib/preprocess/preprocess.ts", ["tests/preprocess/preprocess_test.ts"], [
    ["hot pixels are not clamped", "CLAMP_SIGMAS = 8", "CLAMP_SIGMAS = 1e9"],
    ["no margin above", "(y + MARGIN) * paddedWidth + MARGIN", "y * paddedWidth + MARGIN"],
  ]),
  ...slips("lib/preprocess/normalise.ts", ["tests/preprocess/preprocess_test.ts"], [
    ["grey values are not centred", "(grey / 255 - NETWORK_MEAN)", "(grey / 255)"],
  ]),
];

const IO: Mutant[] = [
  ...slips("lib/io/box.ts", ["tests/io/coordinates_test.ts"], [
    ["corners of boxes are centres", '"corner x") + width / 2', '"corner x")'],
    ["boxes are written as centres", "Math.round(y - size / 2)", "Math.round(y)"],
  ]),
  ...slips("lib/io/star.ts", ["tests/io/star_test.ts", "tests/io/coordinates_test.ts"], [
    [
      "x and y of STAR swapped",
      "x: number(row, STAR.x), y: number(row, STAR.y)",
      "x: number(row, STAR.y), y: number(row, STAR.x)",
    ],
    ["an unknown score is a score", ") pick.score = score;", "); pick.score = score;"],
    ["a helix of each row", "1 + (i >> 1)", "1 + i"],
  ]),
  ...slips("lib/io/_star_offsets.ts", ["tests/io/star_test.ts"], [
    ["RELION 3.0's offsets are taken for Å", "x: pixelSizeA * number(row, x)", "x: number(row, x)"],
  ]),
  ...slips("lib/io/_star_write.ts", ["tests/io/star_test.ts", "tests/io/coordinates_test.ts"], [
    [
      "rows of STAR begin with y",
      "[x.toFixed(2), y.toFixed(2), String(classNumber)",
      "[y.toFixed(2), x.toFixed(2), String(classNumber)",
    ],
    [
      "track lengths are not Å",
      "priors[i].track * (inA ? image.pixelSizeA! : 1)",
      "priors[i].track",
    ],
  ]),
  ...slips("lib/io/mrc.ts", ["tests/io/mrc_test.ts"], [
    ["frames add up", "if (frames > 1) divide(pixels, frames);", ""],
    ["the extended header is read as pixels", "  await skip(source, header.extendedBytes);\n", ""],
    ["4-bit samples: high half first", "4 * (x & 1)", "4 * (1 - (x & 1))"],
    [
      "big-endian samples as they are",
      "if (!littleEndian) swapBytes",
      "if (littleEndian && false) swapBytes",
    ],
  ]),
  ...slips("lib/io/_mrc_header.ts", ["tests/io/mrc_test.ts"], [
    [
      "bytes of mode 0 are always unsigned",
      "return min >= 0 && max > 127 && max <= 255;",
      "return true;",
    ],
    [
      "width and height swapped",
      "[int(0), int(4), int(8), int(92)]",
      "[int(4), int(0), int(8), int(92)]",
    ],
  ]),
  ...slips("lib/io/_mrc_pixel_size.ts", ["tests/io/mrc_test.ts"], [
    ["the pixel size is the cell", "cell.x / sampling.x", "cell.x"],
  ]),
  ...slips("lib/io/tiff.ts", ["tests/io/tiff_test.ts"], [
    [
      "differences are not added up",
      "if (layout.hasDifferences) addDifferences",
      "if (false) addDifferences",
    ],
  ]),
  ...slips("lib/io/_tiff_unpack.ts", ["tests/io/tiff_test.ts"], [
    ["LZW codes widen one too late", "next >= 511 ? 10", "next >= 512 ? 10"],
    [
      "PackBits repeats one too few",
      "(code < 0 ? -code : code) + 1, target",
      "(code < 0 ? -code : code + 1), target",
    ],
  ]),
  ...slips("lib/io/_tiff_layout.ts", ["tests/io/tiff_test.ts"], [
    ["inches are centimetres", "2: 2.54e8, 3: 1e8", "2: 1e8, 3: 1e8"],
  ]),
  ...slips("lib/io/cryosparc.ts", ["tests/io/cryosparc_test.ts"], [
    [
      "cryoSPARC's y from the top",
      "(1 - number(CS.y, row)) * height",
      "number(CS.y, row) * height",
    ],
    ["cryoSPARC's classes from 0", "classes[0] + 1", "classes[0]"],
  ]),
  ...slips("lib/io/_cryosparc_write.ts", ["tests/io/cryosparc_test.ts"], [
    [
      "cryoSPARC's shape is width, height",
      "view.setUint32(at, particles[i].image.height, true);\n        view.setUint32(at + 4, particles[i].image.width, true);",
      "view.setUint32(at, particles[i].image.width, true);\n        view.setUint32(at + 4, particles[i].image.height, true);",
    ],
  ]),
  ...slips("lib/io/dataset.ts", ["tests/io/dataset_test.ts"], [
    [
      "every part of a split is all of it",
      "dataset.entries.filter(({ name }) => names.has(name))",
      "dataset.entries",
    ],
    ["a micrograph may be in train and test", "if (both.length > 0) {", "if (both.length > 1e9) {"],
    ["a split names what is not there", "names.filter((name) => part.includes(name))", "[...part]"],
  ]),
];

const PICKING: Mutant[] = [
  ...slips("lib/picking/pick_files.ts", ["tests/shipped_model_test.ts"], [
    [
      "no micrograph is read",
      "const files = await expandInputs(inputs",
      "const files: InputFile[] = [];\n  await expandInputs(inputs",
    ],
    [
      "micrographs fail one and all",
      "await lane.pick(path, batch.options)",
      "await lane.pick(`${path}x`, batch.options)",
    ],
  ]),
  ...slips("lib/picking/pick_files.ts", ["tests/picking/rerun_test.ts"], [
    [
      "results of the model's threshold are picked again",
      "threshold = model.threshold",
      "threshold = 0.8",
    ],
  ]),
  ...slips("lib/picking/picker.ts", ["tests/shipped_model_test.ts"], [
    ["the model's threshold is not used", "this.model.threshold", "0.8"],
    ["picks stay in network pixels", "...toMicrograph(candidate, image)", "...candidate"],
  ]),
];

const TRAINING: Mutant[] = [
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
    ["shards add up", "mean[i] += vector[i] / vectors.length", "mean[i] += vector[i]"],
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
  ...slips("lib/training/train.ts", ["tests/training/steps_test.ts"], [
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
  ...slips("lib/training/augment.ts", ["tests/training/augment_test.ts"], [
    [
      "labels do not turn with the crop",
      "x: scale * (a * dx + d * dy)",
      "x: scale * (a * dx + b * dy)",
    ],
    ["diameters do not grow with the crop", "diameter: diameter * enlargement", "diameter"],
  ]),
  ...slips("lib/training/images.ts", ["tests/training/images_test.ts"], [
    ["nothing is held out", "Math.max(1, Math.round(own.length * VALIDATION_FRACTION))", "0"],
    ["held-out images are learned as well", "own.slice(0, own.length - held)", "own"],
  ]),
];

const EXEMPLARS: Mutant[] = [
  ...slips("lib/continual/exemplars.ts", ["tests/continual/exemplars_test.ts"], [
    ["random exemplars whatever the seed", "random(seed).shuffle", "random(1).shuffle"],
    ["random exemplars are the first", "random(seed).shuffle([...pieces.keys()])", "pieces.keys()"],
    [
      "first exemplars are the last",
      "first: () => pieces.keys()",
      "first: () => [...pieces.keys()].reverse()",
    ],
    ["coverage by place", "farthestFirst(featuresOf(model, pieces), most)", "[...pieces.keys()]"],
    ["pieces without labels are kept", ".filter((piece) => labelsIn(piece) > 0)", ""],
    [
      "exemplars without an end",
      "labels >= particles || chosen.length === most",
      "chosen.length === most",
    ],
  ]),
  ...slips("lib/continual/coverage.ts", ["tests/continual/exemplars_test.ts"], [
    [
      "coverage takes the nearest",
      "d > distances[best] ? i : best",
      "d < distances[best] && d > -Infinity ? i : best",
    ],
    ["coverage forgets what it has", "Math.min(d, fresh[i])", "fresh[i]"],
    [
      "coverage begins anywhere",
      "-squaredDistance(vector, origin)",
      "squaredDistance(vector, origin)",
    ],
    ["features of large spread outweigh others", "variance > 0 ? 1 / Math.sqrt(variance) : 0", "1"],
    [
      "features are not averaged over the piece",
      "tf.mean(network.forward(pixels).deep, [0, 1, 2])",
      "tf.max(network.forward(pixels).deep, [0, 1, 2])",
    ],
  ]),
];

/** All mutants. */
export const MUTANTS: Mutant[] = [
  ...[
    ...CENTERNET,
    ...EVALUATION,
    ...TRACING,
    ...PREPROCESS,
    ...IO,
    ...PICKING,
    ...TRAINING,
    ...EXEMPLARS,
  ],
];
