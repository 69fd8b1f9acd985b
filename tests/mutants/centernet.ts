import type { Mutant } from "../_mutants.ts";
import { slips } from "./_slips.ts";

export const CENTERNET: Mutant[] = [
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
    ["ignore regions of twice the size", "<= circle.diameter / 2", "<= circle.diameter"],
  ]),
  ...slips("lib/centernet/loss.ts", [
    "tests/centernet/loss_test.ts",
    "tests/centernet/sparse_labels_test.ts",
  ], [
    [
      "loss not divided by the objects",
      "tf.maximum(tf.sum(target.centre), target.leastCentres ?? 1)",
      "tf.scalar(1)",
    ],
    [
      "few objects outweigh many",
      "tf.maximum(tf.sum(target.centre), target.leastCentres ?? 1)",
      "tf.sum(target.centre)",
    ],
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
      "if (apart >= r + s) return 0;",
      "if (apart >= r + s) return 1;",
    ],
    ["the typical diameter is the least", "quantile(diameters, 0.5)", "quantile(diameters, 0)"],
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
  ...slips("lib/centernet/half.ts", ["tests/centernet/half_test.ts"], [
    [
      "float16: ties go up",
      "rest > middle || rest === middle && kept % 2 === 1",
      "rest >= middle",
    ],
    ["float16: numbers too small for full digits are none", "0x800000 | bits", "bits"],
    ["float16: what is too large becomes NaN", "Math.min(INFINITE, withoutLast", "(withoutLast"],
    ["float16: small numbers lose their sign", "(sign ? -1 : 1) * rest", "rest"],
  ]),
  ...slips("lib/centernet/model.ts", ["tests/centernet/model_test.ts"], [
    ["vectors are rounded as filters are", "half && shape.length > 1", "half"],
  ]),
  ...slips("lib/centernet/both_ways.ts", ["tests/centernet/both_ways_test.ts"], [
    ["turned offsets keep their sign", "m === 1 ? -1 : 1", "1"],
    ["turned cells lie from the first on", "values.length - channels - from", "from"],
    ["the second look is not turned", "pixels.toReversed()", "pixels"],
  ]),
  ...slips("lib/centernet/detector.ts", ["tests/centernet/both_ways_test.ts"], [
    ["turned offsets keep their sign on TensorFlow.js", "again[1] = tf.neg(again[1]);", ""],
    [
      "maps are not turned back",
      "this.#maps(turned(image)).map(turned)",
      "this.#maps(turned(image))",
    ],
  ]),
  ...slips("lib/centernet/tiles.ts", ["tests/centernet/tiles_test.ts"], [
    ["a tile counts up to its end", "starts[i - 1] + size) / 2", "starts[i - 1] + size) / 2 + 128"],
    ["cells of a tile lie from its begin", "cell(x.from - x.start)", "0"],
  ]),
  ...slips("lib/centernet/weak_scores.ts", ["tests/centernet/weak_scores_test.ts"], [
    ["noise has no say", "weak.isSure || await", "true || await"],
    ["sure groups ask noise as well", "weak.isSure || await", "await"],
    ["dirt has no say", "!seen.isDirty &&", ""],
    ["noises count together", "inNoise / noises.length", "inNoise"],
    ["what may be nothing counts fully", "? each : loweredWhereEmpty(each)", "? each : each"],
    [
      "scores without a calibration are lowered",
      "UNCALIBRATED ? each :",
      "UNCALIBRATED && false ? each :",
    ],
    ["the model's threshold has a say", "scoreOf(LEAST_PROBABILITY,", "scoreOf(threshold,"],
  ]),
];
