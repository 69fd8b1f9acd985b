import { assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { NetworkOutput } from "../../lib/centernet/mod.ts";
import { ABLATIONS, STRATEGIES } from "../../lib/continual/mod.ts";
import type { Batch } from "../../lib/training/mod.ts";
import { assertClose, testOnBackends } from "../_backends.ts";
import { plainLoss, randomTruth, truthTensors } from "../centernet/_plain_loss.ts";
import {
  type AllMaps,
  drawMaps,
  featureTerm,
  heatTerm,
  MAPS,
  offsetTerm,
  part,
  SHAPES,
  sigmoid,
} from "./_plain_terms.ts";

// Values and slopes of the strategies' losses against their equations in float64, for two crops of
// which, where exemplars are replayed, the second one is.

const TRUTH = randomTruth(4);

/** What a strategy looks at beside the labels, and its terms with their weights. */
interface Formula {
  sees: "nothing" | "teacher of all" | "teacher of replayed" | "both teachers" | "stored";
  terms: Record<string, [weight: number, term: (student: AllMaps, kept: AllMaps) => number]>;
}

const DETECTION: Formula = { sees: "nothing", terms: {} };
const heat = (student: AllMaps, kept: AllMaps) => heatTerm(student, kept.heat.map(sigmoid));

/** What the running average of the weights shows beside what the teacher does. */
const AVERAGED = drawMaps(3, 1);
const averageHeat = (student: AllMaps) => heat(student, AVERAGED);

function epicker(weight: number, sees: Formula["sees"] = "teacher of replayed"): Formula {
  return { sees, terms: { features: [weight, featureTerm], "kept heat": [weight, heat] } };
}

const FORMULAS: Record<string, Formula> = {
  scratch: DETECTION,
  separate: DETECTION,
  joint: DETECTION,
  "joint/2": DETECTION,
  "joint/4": DETECTION,
  cumulative: DETECTION,
  "cumulative/2": DETECTION,
  "cumulative/4": DETECTION,
  "fine-tune": DETECTION,
  replay: DETECTION,
  unsure: DETECTION, // of what is left of the labels: unsure_test.ts
  average: DETECTION,
  frozen: DETECTION,
  paste: DETECTION, // of crops with more particles: tests/training/paste_test.ts
  anchor: DETECTION,
  ewc: DETECTION,
  lwf: {
    sees: "teacher of all",
    terms: { "kept heat": [0.5, heat], "kept offset": [0.5, offsetTerm] },
  },
  der: { sees: "stored", terms: { "stored heat": [0.5, heat] } },
  epicker: epicker(0.1),
  "ema-teacher": {
    sees: "both teachers",
    terms: { ...epicker(0.1).terms, "average's heat": [0.1, averageHeat] },
  },
  "epicker/paper": epicker(0.1),
  "epicker/distillation-0.3": epicker(0.3),
  "epicker/distillation-1": epicker(1),
  "epicker/distillation-3": epicker(3),
  "epicker/no-replay": epicker(0.1, "teacher of all"),
  "epicker/heat-only": { sees: "teacher of replayed", terms: { "kept heat": [0.1, heat] } },
  "epicker/features-only": { sees: "teacher of replayed", terms: { features: [0.1, featureTerm] } },
  "epicker/first": epicker(0.1),
  "epicker/coverage": epicker(0.1),
  "epicker/herding": epicker(0.1),
  "epicker/50": epicker(0.1),
  "epicker/100": epicker(0.1),
  "epicker/400": epicker(0.1),
};

/** The total and its parts from the equations. */
function plainParts({ sees, terms }: Formula, found: AllMaps, kept: AllMaps) {
  const { total, ...parts } = plainLoss(found, TRUTH, true);
  const student = sees === "teacher of all" ? found : part(found, 1);
  const added = Object.entries(terms).map(([name, [weight, term]]) => {
    return { name, weight, value: term(student, kept) };
  });
  return {
    ...parts,
    ...Object.fromEntries(added.map(({ name, value }) => [name, value])),
    total: added.reduce((sum, { weight, value }) => sum + weight * value, total),
  } as Record<string, number>;
}

function tensorsOf(maps: AllMaps): NetworkOutput<tf.Tensor4D> {
  const tensor = (map: keyof AllMaps) => {
    const [height, width, channels] = SHAPES[map];
    const crops = maps[map].length / (height * width * channels);
    return tf.tensor4d(Float32Array.from(maps[map]), [crops, height, width, channels]);
  };
  return Object.fromEntries(MAPS.map((map) => [map, tensor(map)])) as unknown as NetworkOutput<
    tf.Tensor4D
  >;
}

/** A batch of two crops with what a strategy looks at. */
function batchOf(sees: Formula["sees"], kept: AllMaps): Batch {
  const batch = { targets: truthTensors(TRUTH), count: 2 };
  if (sees === "stored") {
    return { ...batch, replayed: 1, stored: tf.sigmoid(tensorsOf(kept).heat) };
  }
  if (sees === "nothing") return { ...batch, replayed: 1 };
  const averaged = sees === "both teachers" ? tensorsOf(AVERAGED) : undefined;
  const replayed = sees === "teacher of all" ? 0 : 1;
  return { ...batch, replayed, teacher: tensorsOf(kept), averaged };
}

/** ∂total/∂map by central differences. */
function plainSlopes(formula: Formula, found: AllMaps, kept: AllMaps, map: keyof AllMaps) {
  const step = 1e-6;
  return found[map].map((value, i) => {
    const at = (moved: number) =>
      plainParts(formula, { ...found, [map]: found[map].with(i, moved) }, kept).total;
    return (at(value + step) - at(value - step)) / (2 * step);
  });
}

Deno.test("every strategy and every variant has its equations here", () => {
  assertEquals(
    Object.keys(FORMULAS).sort(),
    Object.keys({ ...STRATEGIES, ...ABLATIONS }).sort(),
  );
});

for (const [name, formula] of Object.entries(FORMULAS)) {
  testOnBackends(`loss and slopes of ${name} are those of its equations`, async () => {
    const { lossOf } = { ...STRATEGIES, ...ABLATIONS }[name];
    const found = drawMaps(1, 2);
    for (const bias of [0, -5]) { // what is kept has many particles, or next to none
      const kept = drawMaps(2, formula.sees === "teacher of all" ? 2 : 1, bias);
      const expected = plainParts(formula, found, kept);
      const [parts, slopes] = tf.tidy(() => {
        const batch = batchOf(formula.sees, kept);
        const output = tensorsOf(found);
        const loss = lossOf(output, batch);
        const ofMaps = (...tensors: tf.Tensor[]) => {
          const named = MAPS.map((map, i) => [map, tensors[i]] as const);
          const { total } = lossOf(Object.fromEntries(named) as unknown as typeof output, batch);
          const none = tensors.map((tensor) => tf.mul(0, tf.sum(tensor))); // not all maps are used
          return tf.addN([total, ...none]) as tf.Scalar;
        };
        const inputs = MAPS.map((map) => output[map]!);
        return [{ ...loss.parts, total: loss.total }, tf.grads(ofMaps)(inputs)];
      });
      assertEquals(Object.keys(parts).sort(), Object.keys(expected).sort());
      for (const [key, scalar] of Object.entries(parts)) {
        const [value] = await scalar.data();
        assertAlmostEquals(value, expected[key], 1e-5 * (1 + Math.abs(expected[key])), key);
      }
      for (const [i, map] of MAPS.entries()) {
        const plain = plainSlopes(formula, found, kept, map);
        assertClose(await slopes[i].data(), plain, 2e-5, `slope of ${name} in ${map}`);
      }
      tf.dispose([parts, slopes]);
    }
  });
}

testOnBackends("with nothing to look at, every strategy's loss is the detection's", async () => {
  const found = drawMaps(1, 2);
  const expected = plainLoss(found, TRUTH, true);
  for (const [name, { lossOf }] of Object.entries({ ...STRATEGIES, ...ABLATIONS })) {
    const parts = tf.tidy(() => {
      const { total, parts } = lossOf(tensorsOf(found), batchOf("nothing", found));
      return { total, ...parts };
    });
    assertEquals(Object.keys(parts).sort(), ["heat", "offset", "size", "total"], name);
    assertAlmostEquals((await parts.total.data())[0], expected.total, 1e-5 * expected.total);
    tf.dispose(parts);
  }
});
