import * as tf from "@tensorflow/tfjs";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { range } from "./codegen.ts";
import type { Program } from "./program.ts";

/** Peaks that the list has room for; networks that have learned anything give far fewer. */
const CAPACITY = 8192;

/**
 * The peaks of the first map and the values of all maps there, 0 elsewhere.
 *
 * One dispatch lists the peaks, one read-back of 160 kB brings the list. Its order is that in which
 * invocations came by; spread over the cells it is always the same.
 *
 * @param maps `[1, h, w, c]` each; the first has one channel.
 * @param least Least value of a peak.
 * @returns Row-major `[h, w, channels of all maps]`; `undefined` where there are too many peaks.
 */
export async function listedPeaks(
  maps: tf.Tensor4D[],
  least: number,
): Promise<Float32Array | undefined> {
  const widths = maps.map(({ shape }) => shape[3]);
  const channels = widths.reduce((sum, width) => sum + width, 0);
  const list = tf.fill([1 + CAPACITY * (1 + channels)], 0, "int32");
  const backend = tf.backend() as WebGPUBackend;
  const uniforms = [{ type: "float32", data: [least] }];
  backend.runWebGPUProgram(peakProgram(maps[0].size, widths), maps, "int32", uniforms, list);
  const entries = await list.data<"int32">();
  list.dispose();
  if (entries[0] > CAPACITY) return undefined;
  const bits = new Float32Array(entries.buffer, entries.byteOffset, entries.length);
  const values = new Float32Array(maps[0].size * channels);
  for (let i = 0, at = 1; i < entries[0]; i++, at += 1 + channels) {
    values.set(bits.subarray(at + 1, at + 1 + channels), entries[at] * channels);
  }
  return values;
}

/** One invocation looks at one cell; the list begins with its length, then cell and values each. */
function peakProgram(cells: number, widths: number[]): Program {
  const names = widths.map((_, i) => `map${i}`);
  const reads = widths.flatMap((width, i) =>
    range(width).map((c) => `map${i}[cell * ${width} + ${c}]`)
  );
  return {
    variableNames: names,
    variableComponents: names.map(() => 1),
    outputComponent: 1,
    outputShape: [1 + CAPACITY * (1 + reads.length)],
    atomic: true,
    workgroupSize: [64, 1, 1],
    dispatchLayout: { x: [], y: [0] },
    dispatch: [Math.ceil(cells / 64), 1, 1],
    uniforms: "least : f32,",
    shaderKey: `epickerPeaks_${widths.join("_")}`,
    getUserCode: () => `
    fn main() {
      let cell = i32(globalId.x);
      let height = uniforms.map0Shape.y;
      let width = uniforms.map0Shape.z;
      if (cell >= height * width) { return; }
      let value = map0[cell];
      if (value < uniforms.least) { return; }
      let y = cell / width;
      let x = cell - y * width;
      for (var row = max(y - 1, 0); row <= min(y + 1, height - 1); row++) {
        for (var column = max(x - 1, 0); column <= min(x + 1, width - 1); column++) {
          if (map0[row * width + column] > value) { return; }
        }
      }
      let slot = atomicAdd(&result[0], 1);
      if (slot >= ${CAPACITY}) { return; }
      let at = 1 + slot * ${1 + reads.length};
      atomicStore(&result[at], cell);
      ${
      reads.map((read, i) => `atomicStore(&result[at + ${1 + i}], bitcast<i32>(${read}));`)
        .join("\n")
    }
    }`,
  };
}
