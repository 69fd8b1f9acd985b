import { assert, assertEquals, assertNotEquals } from "@std/assert";
import {
  candidatesOf,
  Detector,
  type ImageDetector,
  openCrewDetector,
  type Ways,
} from "../../lib/centernet/mod.ts";
import { random } from "../../lib/core/mod.ts";
import { openOnnxDetector } from "../../lib/onnx/mod.ts";
import { assertClose, testOnBackends } from "../_backends.ts";
import { formulaModel, TINY } from "../onnx/_model.ts";

const [HEIGHT, WIDTH] = [64, 96];

const MODEL = formulaModel(TINY);

const stream = random(8);
const IMAGE = Float32Array.from({ length: HEIGHT * WIDTH }, () => stream.normal());

/** The better candidates, from the first row to the last. */
async function found(detector: ImageDetector, image: Float32Array, ways?: Ways) {
  return candidatesOf(await detector.detect(image, HEIGHT, WIDTH, ways))
    .filter(({ x, y }) => Math.min(x, y, WIDTH - 1 - x, HEIGHT - 1 - y) > 8)
    .sort((a, b) => a.y - b.y || a.x - b.x);
}

/** Seen both ways, an image gives the same whichever way up; seen once, this network does not. */
async function assertTurns(detector: ImageDetector): Promise<void> {
  const here = await found(detector, IMAGE, 2);
  const there = await found(detector, IMAGE.toReversed(), 2);
  assert(here.length > 5, `${here.length}`);
  assertEquals(there.length, here.length);
  for (const [i, { x, y, score, diameter }] of there.toReversed().entries()) {
    const turned = [WIDTH - 1 - x, HEIGHT - 1 - y, score, diameter];
    const { x: left, y: top, ...same } = here[i];
    assertClose(turned, [left, top, same.score, same.diameter], 1e-5, `candidate ${i}`);
  }
}

testOnBackends(
  "seen both ways, an image turned by half a turn gives the same, turned",
  async () => {
    using detector = new Detector(MODEL);
    await assertTurns(detector);
    const once = (await found(detector, IMAGE)).map(({ score }) => score);
    const turned = (await found(detector, IMAGE.toReversed())).map(({ score }) => score);
    assertNotEquals(once, turned.toReversed());
  },
);

testOnBackends("the heat map of both ways is the mean of both", async () => {
  using detector = new Detector(MODEL);
  const once = await detector.heatMap(IMAGE, HEIGHT, WIDTH);
  const turned = (await detector.heatMap(IMAGE.toReversed(), HEIGHT, WIDTH)).toReversed();
  const mean = once.map((value, i) => (value + turned[i]) / 2);
  assertClose(await detector.heatMap(IMAGE, HEIGHT, WIDTH, 2), mean, 1e-6);
});

testOnBackends("threads and ONNX Runtime see both ways what TensorFlow.js does", async () => {
  using detector = new Detector(MODEL);
  const expected = await found(detector, IMAGE, 2);
  using crew = openCrewDetector(MODEL);
  using onnx = await openOnnxDetector(MODEL);
  for (const other of [crew, onnx]) {
    await assertTurns(other);
    const candidates = await found(other, IMAGE, 2);
    assertEquals(candidates.length, expected.length);
    for (const [i, candidate] of candidates.entries()) {
      assertClose(Object.values(candidate), Object.values(expected[i]), 1e-4, `candidate ${i}`);
    }
  }
}, ["wasm"]);
