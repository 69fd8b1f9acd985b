import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import {
  detectionLoss,
  drawTargets,
  SIZE_WEIGHT,
  stackTargets,
  type Targets,
} from "../../lib/centernet/mod.ts";
import { random } from "../../lib/core/mod.ts";
import { assertClose, heldMemory, testOnBackends } from "../_backends.ts";
import {
  CELLS,
  lossOf,
  map,
  outputOf,
  plainLoss,
  randomMaps,
  randomTruth,
  truthTensors,
  values,
} from "./_plain_loss.ts";

testOnBackends("the loss and its parts are the equations' on random maps", async () => {
  assertEquals(SIZE_WEIGHT, 0.1);
  for (let seed = 0; seed < 6; seed++) {
    const [found, truth] = [randomMaps(seed), randomTruth(seed)];
    for (const withSize of [true, false]) {
      const expected: Record<string, number> = plainLoss(found, truth, withSize);
      if (!withSize) delete expected.size;
      const result = await lossOf(found, truth, withSize);
      assertEquals(Object.keys(result).sort(), Object.keys(expected).sort());
      for (const name of Object.keys(expected)) {
        assertAlmostEquals(result[name], expected[name], 1e-5 * (1 + expected[name]), name);
      }
    }
  }
});

testOnBackends(
  "where nothing is known there is no penalty, but labels teach even there",
  async () => {
    const [found, truth] = [randomMaps(2), randomTruth(2)];
    const stream = random(2, 2);
    const ignored = values(CELLS, () => +(stream.uniform() < 0.4));
    assert(ignored.some((one, i) => one === 1 && truth.centre[i] === 1));
    const expected = plainLoss(found, { ...truth, ignored }, true);
    const result = await lossOf(found, { ...truth, ignored }, true);
    assertAlmostEquals(result.heat, expected.heat, 1e-5 * expected.heat);
    assertAlmostEquals(result.total, expected.total, 1e-5 * expected.total);
  },
);

testOnBackends("without a centre the negatives are summed undivided and nothing else", async () => {
  const [found, truth] = [randomMaps(9), randomTruth(9, 0)];
  const expected = plainLoss(found, truth, true);
  const result = await lossOf(found, truth, true);
  assertAlmostEquals(result.total, expected.heat, 1e-5 * expected.heat);
  assertEquals([result.offset, result.size], [0, 0]);
});

testOnBackends("very sure logits give a finite loss and no slope", async () => {
  const truth = randomTruth(3);
  const found = { ...randomMaps(3), heat: new Float64Array(CELLS).map((_, i) => i % 2 ? 90 : -90) };
  const expected = plainLoss(found, truth, true);
  assertAlmostEquals((await lossOf(found, truth, true)).heat, expected.heat, 1e-3 * expected.heat);
  const slope = tf.tidy(() =>
    tf.grad((heat) =>
      detectionLoss(outputOf(heat, map(found.offset, 2)), truthTensors(truth)).total
    )(map(found.heat, 1))
  );
  assertEquals(Math.max(...(await slope.data()).map(Math.abs)), 0);
  slope.dispose();
});

testOnBackends("the slopes of the loss are those of the equations", async () => {
  const [found, truth] = [randomMaps(12), randomTruth(12)];
  const gradients = tf.tidy(() =>
    tf.grads((...[heat, offset, size]: tf.Tensor[]) =>
      detectionLoss(outputOf(heat, offset, size), truthTensors(truth)).total
    )([map(found.heat, 1), map(found.offset, 2), map(found.size, 1)])
  );
  const step = 1e-6;
  for (const [k, part] of (["heat", "offset", "size"] as const).entries()) {
    const expected = found[part].map((value, i) => {
      const at = (moved: number) =>
        plainLoss({ ...found, [part]: found[part].with(i, moved) }, truth, true).total;
      return (at(value + step) - at(value - step)) / (2 * step);
    });
    assertClose(await gradients[k].data(), expected, 1e-5, `slope in ${part}`);
  }
  tf.dispose(gradients);
});

testOnBackends("the loss leaves no tensor behind", async () => {
  const [found, truth] = [randomMaps(5), randomTruth(5)];
  await lossOf(found, truth, true);
  const before = heldMemory();
  await lossOf(found, truth, true);
  assertEquals(heldMemory(), before);
});

Deno.test("targets are stacked image by image", () => {
  const targets: Targets[] = [
    drawTargets([{ x: 5, y: 9, diameter: 12 }], 16, 24),
    drawTargets([{ x: 20, y: 2, diameter: 20 }, { x: 3, y: 3, diameter: 9 }], 16, 24),
  ];
  const stacked = stackTargets(targets);
  for (
    const [part, channels] of [["heat", 1], ["centre", 1], ["offset", 2], ["size", 1]] as const
  ) {
    assertEquals(stacked[part].shape, [2, 4, 6, channels]);
    assertEquals(
      stacked[part].dataSync(),
      Float32Array.of(...targets[0][part], ...targets[1][part]),
    );
    stacked[part].dispose();
  }
});

Deno.test("ignored cells are stacked where some image has them", () => {
  const circles = [{ x: 8, y: 8, diameter: 12 }];
  const [bare, some] = [drawTargets([], 16, 24), drawTargets([], 16, 24, circles)];
  assertEquals(stackTargets([bare, bare]).ignored, undefined);
  const { ignored } = stackTargets([bare, some]);
  assertEquals(ignored?.dataSync(), Float32Array.of(...Array(24).fill(0), ...some.ignored!));
});

testOnBackends(
  "few objects are divided by the least number that is given, many by their own",
  async () => {
    for (const seed of [1, 2]) {
      const [found, truth] = [randomMaps(seed), randomTruth(seed)];
      const count = truth.centre.reduce((a, b) => a + b, 0);
      const total = (leastCentres: number) => {
        return tf.tidy(() =>
          detectionLoss(
            outputOf(map(found.heat, 1), map(found.offset, 2)),
            { ...truthTensors(truth), leastCentres },
          )
            .total
        );
      };
      const [own, few, many] = [total(1), total(count - 1), total(3 * count)];
      const [a, b, c] = await Promise.all([own, few, many].map(async (t) => (await t.data())[0]));
      assertAlmostEquals(b, a, 1e-5 * a);
      assertAlmostEquals(c, a / 3, 1e-5 * a);
      tf.dispose([own, few, many]);
    }
  },
);
