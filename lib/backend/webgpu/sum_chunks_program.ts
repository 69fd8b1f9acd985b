import type { Program } from "./program.ts";

/** Partial sums that one invocation adds up. */
export const CHUNKS_PER_SUM = 32;

/**
 * The program that adds up neighbouring groups of {@linkcode CHUNKS_PER_SUM} partial sums in a
 * fixed order: `[chunks, rows, columns]` to `[⌈chunks / 32⌉, rows, columns]`.
 */
export function sumChunksProgram([chunks, rows, columns]: number[]): Program {
  const width = (rows * columns) % 4 === 0 ? 4 : 1;
  const groups = Math.ceil(chunks / CHUNKS_PER_SUM);
  const type = width === 4 ? "vec4<f32>" : "f32";
  return {
    variableNames: ["parts"],
    variableComponents: [width],
    outputComponent: width,
    outputShape: [groups, rows, columns],
    workgroupSize: [64, 1, 1],
    dispatchLayout: { x: [1, 2], y: [0] },
    dispatch: [Math.ceil((rows * columns) / width / 64), groups, 1],
    shaderKey: `epickerSumChunks_${width}`,
    getUserCode: () => `
    fn main() {
      let at = i32(globalId.x);
      let group = i32(globalId.y);
      let size = uniforms.outShape.y * uniforms.outShape.z / ${width};
      if (at >= size) { return; }
      let last = min((group + 1) * ${CHUNKS_PER_SUM}, uniforms.partsShape.x);
      var sum = ${type}(0.0);
      for (var chunk = group * ${CHUNKS_PER_SUM}; chunk < last; chunk++) {
        sum += parts[chunk * size + at];
      }
      result[group * size + at] = sum;
    }`,
  };
}
