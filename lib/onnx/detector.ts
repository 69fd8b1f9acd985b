import {
  detectInTiles,
  type ImageDetector,
  type Model,
  mostAtOnce,
  peaksOf,
  type SeeImage,
} from "../centernet/mod.ts";
import { EPickerError, messageOfError } from "../core/mod.ts";
import { encodeOnnx } from "./encode.ts";
import { ONNX_PROVIDERS, type OnnxProvider, startSession } from "./providers.ts";
import { loadOnnxRuntime } from "./runtime.ts";

/** What {@linkcode openOnnxDetector} may be told. */
export interface OnnxOptions {
  /** Threads on the CPU, which is then taken; the number of cores by default. */
  threads?: number;
  /** What must run it; by default a GPU where one starts, else the CPU. */
  provider?: OnnxProvider;
}

/** A model in ONNX Runtime, ready for images; dispose it when done. */
export interface OnnxDetector extends ImageDetector {
  /** The runtime, its version and what it runs on, for people; on a CPU also why on no GPU. */
  readonly title: string;
  /** What it runs on. */
  readonly provider: OnnxProvider;
}

/**
 * Brings a model to ONNX Runtime, which is installed on the first call (113 MB): on a GPU where CUDA's
 * provider or WebGPU's starts, else on the CPU.
 *
 * @throws {EPickerError} `no-backend` where the runtime or the provider is not to be had;
 * `bad-option` for a number of threads that is none.
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
  { threads, provider }: OnnxOptions = {},
): Promise<OnnxDetector> {
  if (threads !== undefined && !(Number.isInteger(threads) && threads > 0)) {
    throw new EPickerError("bad-option", {
      file: "threads",
      found: String(threads),
      expected: "a whole number above 0",
    });
  }
  const runtime = await loadOnnxRuntime();
  const { Tensor, env } = runtime;
  const providers = providersFor(provider, threads);
  const started = await startSession(runtime, { file: encodeOnnx(model), providers, threads })
    .catch((error) => Promise.reject(notStarted(error)));
  const { session } = started;
  let open = true;
  const most = mostAtOnce(model.config);
  const see: SeeImage = async (pixels, height, width) => {
    const image = new Tensor("float32", pixels, [1, 1, height, width]);
    const { score, offset, size } = await session.run({ image });
    const maps = size ? [score, offset, size] : [score, offset];
    return maps.map(({ data, dims }) => ({
      values: interleaved(data, dims[1]),
      channels: dims[1],
    }));
  };
  return {
    title: `ONNX Runtime ${env.versions.node ?? ""} (${started.title})`,
    provider: started.provider,
    detect: (pixels, height, width, ways = 1) =>
      detectInTiles(pixels, height, width, peaksOf(see, ways), most),
    [Symbol.dispose]() {
      if (open) void session.release();
      open = false;
    },
  };
}

/** What may run a network: the one asked for, the CPU where threads are, else all. */
function providersFor(provider?: OnnxProvider, threads?: number): readonly OnnxProvider[] {
  if (provider !== undefined) return [provider];
  return threads === undefined ? ONNX_PROVIDERS : ["cpu"];
}

function notStarted(error: unknown): EPickerError {
  return new EPickerError("no-backend", {
    file: "backend",
    found: `onnx, of which no provider starts (${messageOfError(error)})`,
    remedy: "Use `backend` wasm.",
  }, { cause: error });
}

/** Planes [channels, cells] as cells [cells, channels]. */
function interleaved(planes: Float32Array, channels: number): Float32Array {
  const cells = planes.length / channels;
  return planes.map((_, i) => planes[(i % channels) * cells + Math.floor(i / channels)]);
}
