import type { Layout, Slot, Weights } from "./layout.ts";
import { NORM_EPSILON } from "./training_pass.ts";

/** A convolution with bias, as inference runs it. */
export interface FoldedConvolution {
  /** Shape of the filter, [kh, kw, cin, cout]. */
  shape: [number, number, number, number];
  /** The filter, row-major. */
  filter: Float32Array;
  /** One value per output channel. */
  bias: Float32Array;
}

/**
 * The convolutions of a network by name, every normalisation folded into its own:
 * w' = w γ/√(σ² + ε), b' = β − μ γ/√(σ² + ε).
 */
export function foldNorms(layout: Layout, weights: Weights): Map<string, FoldedConvolution> {
  const arrays = new Map<string, Float32Array>();
  const take = (slots: Slot[], vector: Float32Array) => {
    for (const { name, offset, length } of slots) {
      arrays.set(name, vector.subarray(offset, offset + length));
    }
  };
  take(layout.parameters, weights.parameters);
  take(layout.statistics, weights.statistics);
  const folded = new Map<string, FoldedConvolution>();
  for (const { name, shape } of layout.parameters) {
    if (!name.endsWith(".weight")) continue;
    const convolution = name.slice(0, -".weight".length);
    const array = (part: string) => arrays.get(`${convolution}.${part}`);
    folded.set(convolution, foldOne(array, shape as FoldedConvolution["shape"]));
  }
  return folded;
}

function foldOne(
  array: (part: string) => Float32Array | undefined,
  shape: FoldedConvolution["shape"],
): FoldedConvolution {
  const filter = array("weight")!;
  const bias = array("bias");
  if (bias !== undefined) return { shape, filter, bias };
  const [scale, shift, mean] = [array("scale")!, array("shift")!, array("mean")!];
  const factor = array("variance")!.map((v, c) => scale[c] / Math.sqrt(v + NORM_EPSILON));
  const scaled = new Float32Array(filter.length);
  for (let i = 0; i < filter.length; i++) scaled[i] = filter[i] * factor[i % factor.length];
  return {
    shape,
    filter: scaled,
    bias: factor.map((f, c) => shift[c] - mean[c] * f),
  };
}
