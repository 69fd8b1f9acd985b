import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { hasWebgpu, isSoftwareAdapter } from "../../lib/backend/webgpu/mod.ts";
import { FrozenNetwork, FULL, LIGHT, type Model } from "../../lib/centernet/mod.ts";
import { EPickerError, random } from "../../lib/core/mod.ts";
import { encodeOnnx, openOnnxDetector } from "../../lib/onnx/mod.ts";
import { loadOnnxRuntime } from "../../lib/onnx/runtime.ts";
import { assertClose, testOnBackends } from "../_backends.ts";
import { formulaModel, TINY } from "./_model.ts";

function noiseImage(height: number, width: number, seed = 5): Float32Array {
  const stream = random(seed);
  return Float32Array.from({ length: height * width }, () => stream.normal());
}

/** Asserts that ONNX Runtime gives what TensorFlow.js does, for images of several sizes. */
async function assertParity(model: Model, sizes: [height: number, width: number][]): Promise<void> {
  using network = new FrozenNetwork(model);
  using found = await openOnnxDetector(model);
  for (const [height, width] of sizes) {
    const image = noiseImage(height, width);
    const expected = fullMaps(network, image, height, width);
    const { values, channels, ...size } = await found.detect(image, height, width);
    assertEquals([size.height, size.width, channels], expected.shape.slice(1));
    for (let channel = 0; channel < channels; channel++) {
      const plane = (all: Float32Array) => all.filter((_, i) => i % channels === channel);
      const what = `channel ${channel} of ${height} × ${width}`;
      assertClose(plane(values), plane(expected.dataSync<"float32">()), 1e-4, what);
    }
    expected.dispose();
  }
}

/** Peaks, and offsets and sizes there. */
function fullMaps(
  network: FrozenNetwork,
  image: Float32Array,
  height: number,
  width: number,
): tf.Tensor4D {
  return tf.tidy(() => {
    const { heat, offset, size } = network.forward(tf.tensor4d(image, [1, height, width, 1]));
    const score = tf.sigmoid(heat) as tf.Tensor4D;
    const peak = tf.cast(tf.equal(tf.maxPool(score, 3, 1, "same"), score), "float32");
    return tf.mul(tf.concat(size ? [score, offset, size] : [score, offset], 3), peak);
  });
}

testOnBackends("ONNX Runtime finds what the network does, with and without sizes", async () => {
  const sizes: [number, number][] = [[32, 32], [64, 96], [96, 64], [32, 160]];
  await assertParity(formulaModel(TINY), sizes);
  await assertParity(formulaModel({ ...TINY, size: false }), sizes);
}, ["cpu", "wasm"]);

testOnBackends("ONNX Runtime finds what the light network does", async () => {
  await assertParity(formulaModel(LIGHT), [[160, 96], [256, 320]]);
}, ["wasm"]);

testOnBackends("ONNX Runtime finds what a network of the full form does", async () => {
  await assertParity(formulaModel({ ...FULL, width: 0.5 }), [[64, 96], [160, 128]]);
}, ["wasm"]);

Deno.test("a batch gives what its images give one by one", async () => {
  const { InferenceSession, Tensor } = await loadOnnxRuntime();
  const session = await InferenceSession.create(encodeOnnx(formulaModel(TINY)), {});
  const images = [noiseImage(32, 64, 1), noiseImage(32, 64, 2)];
  const run = async (values: Float32Array, n: number) =>
    await session.run({ image: new Tensor("float32", values, [n, 1, 32, 64]) });
  const batch = await run(Float32Array.from(images.flatMap((image) => [...image])), 2);
  for (const [i, image] of images.entries()) {
    for (const [name, { data }] of Object.entries(await run(image, 1))) {
      const part = batch[name].data.subarray(i * data.length, (i + 1) * data.length);
      assertClose(part, data, 1e-6, name);
    }
  }
  await session.release();
});

Deno.test("the number of threads does not change the result", async () => {
  const image = noiseImage(64, 64);
  const model = formulaModel(TINY);
  using one = await openOnnxDetector(model, { threads: 1 });
  using two = await openOnnxDetector(model, { threads: 2 });
  assertEquals(await one.detect(image, 64, 64), await two.detect(image, 64, 64));
});

Deno.test("a detector may be disposed twice, and names its runtime", async () => {
  const detector = await openOnnxDetector(formulaModel(TINY), { provider: "cpu" });
  assertEquals(detector.title.replace(/\d+/g, "1"), "ONNX Runtime 1.1.1 (CPU)");
  detector[Symbol.dispose]();
  detector[Symbol.dispose]();
});

Deno.test({
  name: "without a real GPU, the CPU is taken and the title says why",
  ignore: await hasWebgpu() && !await isSoftwareAdapter(),
  async fn() {
    using detector = await openOnnxDetector(formulaModel(TINY));
    assertEquals(detector.provider, "cpu");
    assertMatch(detector.title, /\(CPU; CUDA: .+; WebGPU: (no|only a software) GPU\)$/);
    using counted = await openOnnxDetector(formulaModel(TINY), { threads: 1 });
    assertMatch(counted.title, /\(CPU\)$/); // threads are the CPU's
    const cuda = () => openOnnxDetector(formulaModel(TINY), { provider: "cuda" });
    const { code, message } = await assertRejects(cuda, EPickerError);
    assertEquals(code, "no-backend");
    assertMatch(message, /CUDA: .+ Use `backend` wasm\.$/);
  },
});

Deno.test("a number of threads that is none is refused", async () => {
  for (const threads of [0, -1, 1.5, NaN]) {
    const open = () => openOnnxDetector(formulaModel(TINY), { threads });
    assertEquals((await assertRejects(open, EPickerError)).code, "bad-option");
  }
});
