import { Crew } from "../backend/mod.ts";
import { Detector, type NetworkConfig, openCrewDetector } from "../centernet/mod.ts";
import { defined } from "../core/mod.ts";
import { convolutionsOf, flopsOf } from "./convolutions.ts";
import { freshModel } from "./models.ts";
import { noise } from "./noise.ts";
import { timeTogether, type Timing, type TimingOptions } from "./timing.ts";

/** The speed of a network on one image. */
export interface ForwardSpeed {
  /** The network. */
  network: string;
  /** Rows and columns of the image. */
  edge: number;
  /** Threads of the processor that compute, where that can be chosen. */
  threads?: number;
  /** Operations of its convolutions, in 10⁹. */
  gflop: number;
  /** From pixels in memory to the peaks of the output maps in memory. */
  seconds: Timing;
}

/**
 * Times the network alone on a square image, with the way to the device and back.
 *
 * @param threads Threads that pick on WASM; without, the backend of TensorFlow.js that runs.
 */
export async function measureForward(
  network: string,
  config: NetworkConfig,
  { edge, threads }: { edge: number; threads?: number },
  options: TimingOptions,
): Promise<ForwardSpeed> {
  const model = freshModel(config);
  using detector = threads === undefined
    ? new Detector(model)
    : openCrewDetector(model, new Crew(threads));
  const pixels = noise(edge * edge);
  const detect = async (calls: number) => {
    for (let i = 0; i < calls; i++) await detector.detect(pixels, edge, edge);
  };
  const { seconds } = await timeTogether({ seconds: detect }, options);
  const gflop = networkFlops(config, edge) / 1e9;
  return { network, edge, ...defined({ threads }), gflop, seconds: seconds! };
}

/** Operations of all convolutions of a network on a square image. */
function networkFlops(config: NetworkConfig, edge: number): number {
  return convolutionsOf(config, edge).reduce((sum, sizes) => sum + flopsOf(sizes), 0);
}
