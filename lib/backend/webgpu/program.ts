import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";

/** A compute program as TensorFlow.js' WebGPU backend runs it; the package does not export it. */
export type Program = Parameters<WebGPUBackend["runWebGPUProgram"]>[0];

/** The values of a program's own uniforms, in the order of their declaration. */
export type Uniforms = { type: string; data: number[] }[];

/** The sizes of one convolution, all of them integers, NHWC. */
export interface ConvSizes {
  /** Images. */
  batchSize: number;
  /** Rows of the input. */
  inHeight: number;
  /** Columns of the input. */
  inWidth: number;
  /** Channels of the input. */
  inChannels: number;
  /** Rows of the output. */
  outHeight: number;
  /** Columns of the output. */
  outWidth: number;
  /** Channels of the output. */
  outChannels: number;
  /** Rows of the filter. */
  filterHeight: number;
  /** Columns of the filter. */
  filterWidth: number;
  /** Step between two output rows, in input rows. */
  strideHeight: number;
  /** Step between two output columns, in input columns. */
  strideWidth: number;
  /** Rows and columns of zeros before the first of the input. */
  padInfo: { top: number; left: number };
}
