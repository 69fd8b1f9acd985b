import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import {
  detectionLoss,
  drawTargets,
  SPARSE_RULE,
  sparseMaps,
  stackTargets,
} from "../../lib/centernet/mod.ts";
import { assertClose, heldMemory, testOnBackends } from "../_backends.ts";
import {
  CELLS,
  COLUMNS,
  isPeak,
  lossOf,
  map,
  type Maps,
  outputOf,
  plainLoss,
  randomMaps,
  randomTruth,
  ROWS,
  type Truth,
  truthTensors,
  values,
} from "./_plain_loss.ts";

/** Labels with empty space between them; the first image's are sparse, the second one's complete. */
function sparseTruth(seed: number): Truth {
  const truth = randomTruth(seed, 0.1);
  return { ...truth, heat: truth.heat.map((y) => y < 0.7 ? 0 : y), sparse: [1, 0] };
}

/** Logits of which many are above both thresholds. */
function boldMaps(seed: number): Maps {
  const maps = randomMaps(seed);
  return { ...maps, heat: maps.heat.map((z) => Math.fround(z + 1)) };
}

/** ∂loss/∂logit of every cell. */
async function slopesOf(found: Maps, truth: Truth): Promise<Float32Array> {
  const slopes = tf.tidy(() =>
    tf.grad((heat) =>
      detectionLoss(outputOf(heat, map(found.offset, 2)), truthTensors(truth)).total
    )(map(found.heat, 1))
  );
  const data = await slopes.data() as Float32Array;
  slopes.dispose();
  return data;
}

Deno.test("the thresholds are the paper's", () => {
  assertEquals([SPARSE_RULE.promote, SPARSE_RULE.likely], [0.7, 0.5]);
});

testOnBackends("the loss of sparse labels is its definition, cell by cell", async () => {
  for (let seed = 0; seed < 6; seed++) {
    const [found, truth] = [boldMaps(seed), sparseTruth(seed)];
    const expected = plainLoss(found, truth, true);
    const { promoted, ...result } = await lossOf(found, truth, true);
    for (const name of ["heat", "offset", "size", "total"] as const) {
      assertAlmostEquals(result[name], expected[name], 1e-5 * (1 + expected[name]), name);
    }
    const peaks = [...found.heat.keys()].filter((i) =>
      i < ROWS * COLUMNS && truth.heat[i] === 0 && found.heat[i] > Math.log(0.7 / 0.3) &&
      isPeak(found.heat, i)
    );
    assertEquals(promoted, peaks.length);
  }
});

testOnBackends("its slopes are those of the definition, thresholds held fast", async () => {
  const [found, truth] = [boldMaps(12), sparseTruth(12)];
  const step = 1e-6;
  const expected = found.heat.map((value, i) => {
    const at = (moved: number) =>
      plainLoss({ ...found, heat: found.heat.with(i, moved) }, truth, true).total;
    return (at(value + step) - at(value - step)) / (2 * step);
  });
  assertClose(await slopesOf(found, truth), expected, 1e-5, "slope");
});

testOnBackends(
  "confident peaks without a label are pulled up, likely ones pushed down least",
  async () => {
    const heat = new Float64Array(CELLS).fill(-3);
    const [sure, beside, likely, image] = [7, 8, 10, ROWS * COLUMNS];
    for (const start of [0, image]) {
      heat[start + sure] = 2; // p = 0.88
      heat[start + beside] = 1.5; // p = 0.82 and no peak
      heat[start + likely] = 0.5; // p = 0.62
    }
    const truth = {
      ...sparseTruth(1),
      heat: new Float64Array(CELLS),
      centre: new Float64Array(CELLS),
    };
    const slopes = await slopesOf({ ...randomMaps(1), heat }, truth);
    assertLess(slopes[sure], 0); // downhill is up
    for (const i of [beside, likely]) {
      assertAlmostEquals(slopes[i], SPARSE_RULE.likelyPenalty * slopes[image + i], 1e-7);
    }
    assertGreater(slopes[0], 0);
    assertAlmostEquals(slopes[0], SPARSE_RULE.penalty * slopes[image], 1e-7);
    for (const i of [sure, beside, likely]) assertGreater(slopes[image + i], 0); // labels complete
  },
);

testOnBackends(
  "nothing changes where labels are complete, and nothing is promoted where nothing is known",
  async () => {
    const [found, truth] = [boldMaps(4), sparseTruth(4)];
    const { sparse: _, ...complete } = truth;
    const plain = await lossOf(found, complete, true);
    const none = await lossOf(found, { ...complete, sparse: [0, 0] }, true);
    assertEquals(none, { ...plain, promoted: 0 });
    const ignored = values(CELLS, () => 1);
    const blind = await lossOf(found, { ...truth, ignored }, true);
    assertEquals(blind.promoted, 0);
    const expected = plainLoss(found, { ...truth, ignored }, true);
    assertAlmostEquals(blind.heat, expected.heat, 1e-5 * (1 + expected.heat));
  },
);

testOnBackends(
  "the maps keep the Gaussians of labels as they are and leave no tensor behind",
  async () => {
    const before = heldMemory();
    const { heat, ...others } = stackTargets([drawTargets([{ x: 8, y: 8, diameter: 24 }], 32, 32)]);
    const sparse = tf.ones([1, 1, 1, 1]);
    const [promoted, factor] = tf.tidy(() => {
      const maps = sparseMaps(tf.fill([1, 8, 8, 1], 0.9), { heat, sparse });
      return [maps.promoted, maps.factor];
    });
    const [drawn, ups, factors] = await Promise.all(
      [heat, promoted, factor].map((map) => map.data()),
    );
    assert(drawn.some((y) => y > 0));
    drawn.forEach((y, i) => assertEquals([ups[i], factors[i]], y > 0 ? [0, 1] : [1, 0]));
    tf.dispose([heat, promoted, factor, sparse, { ...others }]);
    assertEquals(heldMemory(), before);
  },
);

testOnBackends("the loss of sparse labels is the same on every run", async () => {
  const [found, truth] = [boldMaps(8), sparseTruth(8)];
  assertEquals(await lossOf(found, truth, true), await lossOf(found, truth, true));
  assertEquals(await slopesOf(found, truth), await slopesOf(found, truth));
});
