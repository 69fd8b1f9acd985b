import {
  detectInTiles,
  type ImageDetector,
  type Model,
  mostAtOnce,
  type OutputMaps,
} from "../centernet/mod.ts";
import { EPickerError } from "../core/mod.ts";
import { encodeOnnx } from "./encode.ts";
import { loadOnnxRuntime } from "./runtime.ts";

/** What {@linkcode openOnnxDetector} may be told. */
export interface OnnxOptions {
  /** Threads of a run; the number of cores by default. */
  threads?: number;
}

/** A model in ONNX Runtime, ready for images; dispose it when done. */
export interface OnnxDetector extends ImageDetector {
  /** The runtime and its version, for people. */
  readonly title: string;
}

/**
 * Brings a model to ONNX Runtime on the CPU, which is installed on the first call (113 MB).
 *
 * @throws {EPickerError} `no-backend` where the runtime is not to be had; `bad-option` for a number
 * of threads that is none.
 *
 * @example
 * ```ts
 * import { openOnnxDetector } from "@epicker/epicker/onnx";
 * import { readModel, SHIPPED_MODEL } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * const { model } = await readModel(SHIPPED_MODEL);
 * using detector = await openOnnxDetector(model, { threads: 1 });
 * const { height, width, channels } = await detector.detect(new Float32Array(64 * 96), 64, 96);
 * assertEquals([height, width, channels], [16, 24, 4]);
 * ```
 */
export async function openOnnxDetector(
  model: Model,
  { threads }: OnnxOptions = {},
): Promise<OnnxDetector> {
  if (threads !== undefined && !(Number.isInteger(threads) && threads > 0)) {
    throw new EPickerError("bad-option", {
      file: "threads",
      found: String(threads),
      expected: "a whole number above 0",
    });
  }
  const { InferenceSession, Tensor, env } = await loadOnnxRuntime();
  const options = threads === undefined ? {} : { intraOpNumThreads: threads };
  const session = await InferenceSession.create(encodeOnnx(model), options);
  let open = true;
  const most = mostAtOnce(model.config);
  const run = async (pixels: Float32Array, height: number, width: number): Promise<OutputMaps> => {
    const image = new Tensor("float32", pixels, [1, 1, height, width]);
    const { peaks, offset, size } = await session.run({ image });
    const [, , rows, columns] = peaks.dims;
    const maps = (size ? [peaks, offset, size] : [peaks, offset]).map(({ data }) => data);
    return { ...interleaved(maps, rows * columns), height: rows, width: columns };
  };
  return {
    title: `ONNX Runtime ${env.versions.node ?? ""} (CPU)`,
    detect: (...image) => detectInTiles(...image, run, most),
    [Symbol.dispose]() {
      if (open) void session.release();
      open = false;
    },
  };
}

/** Planes [channels, cells] of several maps as cells [cells, channels]. */
function interleaved(maps: Float32Array[], cells: number) {
  const planes = maps.flatMap((map) =>
    Array.from({ length: map.length / cells }, (_, c) => map.subarray(c * cells, (c + 1) * cells))
  );
  const channels = planes.length;
  const values = new Float32Array(cells * channels);
  for (const [c, plane] of planes.entries()) {
    for (let i = 0; i < cells; i++) values[i * channels + c] = plane[i];
  }
  return { values, channels };
}
