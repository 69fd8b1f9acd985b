import type { Model } from "../centernet/mod.ts";
import { defined } from "../core/mod.ts";
import { type OnnxOptions, type OnnxProvider, openOnnxDetector } from "../onnx/mod.ts";
import { noise } from "./noise.ts";
import { timeTogether, type Timing, type TimingOptions } from "./timing.ts";

/** The speed of ONNX Runtime on one image. */
export interface OnnxSpeed {
  /** The network. */
  network: string;
  /** Rows and columns of the image. */
  edge: number;
  /** What it ran on. */
  provider: OnnxProvider;
  /** Threads on the CPU, where they were told. */
  threads?: number;
  /** Runtime and version, for people. */
  title: string;
  /** From pixels in memory to the maps in memory. */
  seconds: Timing;
}

/** Times a network in ONNX Runtime on a square image. @throws {EPickerError} `no-backend`. */
export async function measureOnnx(
  network: string,
  model: Model,
  edge: number,
  on: OnnxOptions,
  options: TimingOptions,
): Promise<OnnxSpeed> {
  using detector = await openOnnxDetector(model, on);
  const pixels = noise(edge * edge);
  const detect = async (calls: number) => {
    for (let i = 0; i < calls; i++) await detector.detect(pixels, edge, edge);
  };
  const { seconds } = await timeTogether({ seconds: detect }, options);
  const { title, provider } = detector;
  return { network, edge, provider, ...defined({ threads: on.threads }), title, seconds: seconds! };
}
