import { assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { upsample2x } from "../../lib/backend/mod.ts";
import { random } from "../../lib/core/mod.ts";
import { assertClose, heldMemory, testOnBackends } from "../_backends.ts";

type Shape = [number, number, number, number];

const SHAPES: Shape[] = [[1, 1, 1, 1], [1, 1, 4, 3], [2, 3, 5, 2], [1, 4, 2, 8], [2, 5, 7, 4]];

function values(shape: number[], seed: number): Float32Array {
  const stream = random(seed, ...shape);
  const length = shape.reduce((product, n) => product * n, 1);
  return Float32Array.from({ length }, () => stream.normal());
}

/** The inputs and weights of one output along one axis: half-pixel centres, edges repeated. */
function taps(at: number, size: number): [index: number, weight: number][] {
  const place = Math.min(Math.max((at + 0.5) / 2 - 0.5, 0), size - 1);
  const low = Math.floor(place);
  return [[low, 1 - (place - low)], [Math.min(low + 1, size - 1), place - low]];
}

/** Calls back for every pair of elements that bilinear interpolation by two connects. */
function connect(
  [n, h, w, c]: Shape,
  visit: (input: number, output: number, weight: number) => void,
): void {
  for (let i = 0; i < n; i++) {
    for (let y = 0; y < 2 * h; y++) {
      for (let x = 0; x < 2 * w; x++) {
        for (const [row, wy] of taps(y, h)) {
          for (const [column, wx] of taps(x, w)) {
            for (let k = 0; k < c; k++) {
              const input = ((i * h + row) * w + column) * c + k;
              visit(input, ((i * 2 * h + y) * 2 * w + x) * c + k, wy * wx);
            }
          }
        }
      }
    }
  }
}

async function upsampled(x: Float32Array, shape: Shape): Promise<Float32Array> {
  const y = tf.tidy(() => upsample2x(tf.tensor4d(x, shape)));
  assertEquals(y.shape, [shape[0], 2 * shape[1], 2 * shape[2], shape[3]]);
  const result = await y.data<"float32">();
  y.dispose();
  return result;
}

async function gradient(dy: Float32Array, [n, h, w, c]: Shape): Promise<Float32Array> {
  const dx = tf.tidy(() => {
    const up = (x: tf.Tensor) => upsample2x(x as tf.Tensor4D);
    return tf.grad(up)(tf.zeros([n, h, w, c]), tf.tensor4d(dy, [n, 2 * h, 2 * w, c]));
  });
  const result = await dx.data<"float32">();
  dx.dispose();
  return result;
}

testOnBackends("upsample2x is bilinear interpolation with half-pixel centres", async () => {
  for (const shape of SHAPES) {
    const x = values(shape, 1);
    const expected = new Float64Array(4 * x.length);
    connect(shape, (input, output, weight) => expected[output] += weight * x[input]);
    assertClose(await upsampled(x, shape), expected, 1e-6, `[${shape}]`);
  }
});

testOnBackends("the gradient of upsample2x spreads the same weights back", async () => {
  for (const shape of SHAPES) {
    const dy = values([4, ...shape], 2);
    const expected = new Float64Array(dy.length / 4);
    connect(shape, (input, output, weight) => expected[input] += weight * dy[output]);
    assertClose(await gradient(dy, shape), expected, 1e-6, `[${shape}]`);
  }
});

testOnBackends("the gradient of upsample2x is its adjoint: <A x, y> = <x, A' y>", async () => {
  const inner = (a: Float32Array, b: Float32Array) => a.reduce((sum, v, i) => sum + v * b[i], 0);
  for (const shape of SHAPES) {
    const [x, y] = [values(shape, 3), values([4, ...shape], 4)];
    const up = inner(await upsampled(x, shape), y);
    assertAlmostEquals(up, inner(x, await gradient(y, shape)), 1e-5 * (1 + Math.abs(up)));
  }
});

testOnBackends("upsample2x keeps constant maps and leaves no tensor behind", async () => {
  assertEquals(new Set(await upsampled(new Float32Array(24).fill(2), [1, 3, 4, 2])), new Set([2]));
  await gradient(values([96], 5), [1, 3, 4, 2]);
  const before = heldMemory();
  await gradient(values([96], 5), [1, 3, 4, 2]);
  assertEquals(heldMemory(), before);
});
