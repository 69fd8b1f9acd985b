/**
 * How fast this machine picks, trains and simulates, and how fast the kernels underneath are.
 *
 * `benchmark()` measures and gives one {@linkcode BenchmarkReport}; `benchmarkTables` makes
 * tables of it. The convolutions are read off the network's definition; our
 * kernels run beside those of TensorFlow.js. One file measures one thing. `GPU_PARTS` checks and
 * measures what runs on a GPU, part by part.
 *
 * @module
 */
export { benchmark, type BenchmarkOptions } from "./benchmark.ts";
export { type ConvolutionSpeed, type KernelSpeed, type Pass, PASSES } from "./convolution_speed.ts";
export {
  type Convolution,
  convolutionsOf,
  type CountedConvolution,
  flopsOf,
  type NamedConvolution,
} from "./convolutions.ts";
export { pickingCostFigure } from "./cost_figure.ts";
export type { ForwardSpeed } from "./forward_speed.ts";
export type { Check } from "./gpu/check.ts";
export { GPU_PARTS, gpuSettings, type PartContext } from "./gpu/parts.ts";
export * from "./gpu/report.ts";
export { gpuTable } from "./gpu/table.ts";
export type { Transfers } from "./gpu/transfers.ts";
export type { Machine } from "./machine.ts";
export type { OnnxSpeed } from "./onnx_speed.ts";
export type { WithPeak } from "./memory.ts";
export type { MicrographSize } from "./micrographs.ts";
export { measureOnnxPeers, measureStockPeer, type Peers } from "./peers.ts";
export { type PickingSpeed, STAGES, type StageSeconds } from "./picking_speed.ts";
export { limitsLine } from "./ratios.ts";
export * from "./report.ts";
export type { SimulationCase, SimulationSpeed } from "./simulation_speed.ts";
export { type BenchmarkSettings, benchmarkSettings, benchmarkWork } from "./settings.ts";
export { benchmarkTables, benchmarkTitle } from "./tables.ts";
export type { Throughput } from "./throughput.ts";
export type { Timing, TimingOptions } from "./timing.ts";
export type { TorchFigures, TorchReport } from "./torch.ts";
export type { TrainingCase, TrainingSpeed } from "./training_speed.ts";
