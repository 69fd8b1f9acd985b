import type { CrewKernels } from "./kernels.ts";

/** A map on the heap, [height, width, channels], float32. */
export interface HeapMap {
  /** Rows. */
  height: number;
  /** Columns. */
  width: number;
  /** Channels: a multiple of 8, but for the image's one. */
  channels: number;
  /** Byte offset. */
  at: number;
}

/** A convolution with odd kernel, as much padding as keeps a stride of 1 in size, bias and ReLU. */
export interface ConvolveStep {
  /** What it is. */
  kind: "convolve";
  /** Input. */
  x: HeapMap;
  /** Output. */
  y: HeapMap;
  /** Byte offset of the filter: its spectrum, or packed with the bias. */
  filter: number;
  /** Byte offset of the bias of a spectrum. */
  bias: number;
  /** Edge of the kernel. */
  kernel: number;
  /** Step of the window. */
  stride: number;
  /** Whether ReLU follows. */
  relu: boolean;
  /** Whether the filter is a spectrum, for Winograd's algorithm. */
  isSpectrum: boolean;
}

/** A step of a network for images, of which any rows can be made apart from the others. */
export type Step =
  | ConvolveStep
  | { kind: "add"; maps: HeapMap[]; y: HeapMap; relu: boolean }
  | { kind: "concat"; maps: HeapMap[]; y: HeapMap }
  | { kind: "maxPool"; x: HeapMap; y: HeapMap }
  | { kind: "upsample"; x: HeapMap; y: HeapMap };

/** What a step reads. */
export function inputsOf(step: Step): HeapMap[] {
  return "maps" in step ? step.maps : [step.x];
}

/** Bytes of a map. */
export function bytesOf({ height, width, channels }: HeapMap): number {
  return 4 * height * width * channels;
}

/** Bytes that a thread needs beside the maps to make rows of a step. */
export function scratchOf(step: Step, kernels: CrewKernels): number {
  if (step.kind !== "convolve") return 0;
  const { x, y, kernel, stride, isSpectrum } = step;
  if (isSpectrum) return kernels.winogradBytes(x.channels, y.channels);
  return kernels.bandBytes(4 * ((y.width - 1) * stride + kernel) * x.channels, kernel, stride);
}

/**
 * Makes rows of a step's output, from `from` on and before `to`; `from` is a multiple of 4.
 *
 * @param scratch Byte offset of the thread's own room, as {@linkcode scratchOf} says.
 */
export function makeRows(
  step: Step,
  from: number,
  to: number,
  kernels: CrewKernels,
  scratch: number,
): void {
  const { y } = step;
  const [rows, target] = [to - from, rowAt(y, from)];
  switch (step.kind) {
    case "convolve":
      return convolveRows(step, from, rows, kernels, scratch);
    case "add": {
      const [a, b] = step.maps.map((map) => rowAt(map, from));
      return void kernels.add(a, b, target, rows * y.width * y.channels, +step.relu);
    }
    case "concat":
      return concatRows(step.maps, y, from, rows, kernels);
    case "maxPool":
      return void kernels.maxPool(rowAt(step.x, 2 * from), target, rows, y.width, y.channels);
    case "upsample": {
      const { at, height, width, channels } = step.x;
      return void kernels.upsample(at, target, height, width, channels, from, to);
    }
  }
}

/** Byte offset of a row. */
function rowAt({ at, width, channels }: HeapMap, row: number): number {
  return at + 4 * row * width * channels;
}

function convolveRows(
  { x, y, filter, bias, kernel, stride, relu, isSpectrum }: ConvolveStep,
  from: number,
  rows: number,
  { convolve, winograd }: CrewKernels,
  scratch: number,
): void {
  const padding = kernel >> 1;
  const first = Math.max(0, from * stride - padding); // the first row of x that is needed
  const top = first - from * stride + padding; // zero rows above it
  const [source, target] = [rowAt(x, first), rowAt(y, from)];
  const input = [x.height - first, x.width, x.channels];
  const output = [rows, y.width, y.channels];
  if (isSpectrum) {
    winograd(source, filter, bias, target, scratch, 1, ...input, ...output, top, padding, +relu);
    return;
  }
  const window = [kernel, kernel, stride, top, padding];
  const steps = [4 * y.channels, 4 * y.channels * y.width];
  convolve(source, filter, target, scratch, ...input, ...output, ...window, ...steps, +relu);
}

function concatRows(
  maps: HeapMap[],
  y: HeapMap,
  from: number,
  rows: number,
  { copyChannels }: CrewKernels,
): void {
  let to = rowAt(y, from);
  for (const map of maps) {
    const bytes = 4 * map.channels;
    copyChannels(rowAt(map, from), to, rows * y.width, map.channels, bytes, 4 * y.channels);
    to += bytes;
  }
}
