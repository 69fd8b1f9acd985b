import {
  Crew,
  type HeapMap,
  layOut,
  type MapValues,
  scratchOf,
  type Step,
  suitsWinograd,
} from "../backend/mod.ts";
import { peaksOf } from "./both_ways.ts";
import type { ImageDetector } from "./detector.ts";
import { foldNorms } from "./fold.ts";
import { layoutOf } from "./layout.ts";
import type { Model } from "./model.ts";
import { centerNet, type ConvOptions, type Interpreter, type NetworkOutput } from "./network.ts";
import { PackedFilters } from "./packed_filters.ts";
import { detectInTiles, mostAtOnce } from "./tiles.ts";

/** A network on images of one size: its steps, and where they and its maps lie. */
interface Plan {
  image: HeapMap;
  steps: Step[];
  output: NetworkOutput<HeapMap>;
  /** Byte offset behind the maps. */
  end: number;
  /** Bytes that every thread needs beside them. */
  scratch: number;
}

/**
 * A model on threads of this machine's processor, by the kernels of the backend `wasm` and without
 * TensorFlow.js.
 *
 * One image is made by all threads together; their number does not change the result.
 *
 * @param crew The threads; the detector disposes them.
 */
export function openCrewDetector(model: Model, crew: Crew = new Crew()): ImageDetector {
  const filters = new PackedFilters(crew, foldNorms(layoutOf(model.config), model.weights));
  let plan: Plan | undefined;
  const see = (pixels: Float32Array, height: number, width: number): MapValues[] => {
    if (plan?.image.height !== height || plan.image.width !== width) {
      plan = planFor(model, crew, filters, height, width);
    }
    crew.floats(plan.image.at, pixels.length).set(pixels);
    crew.run(plan.steps, plan.end, plan.scratch);
    return mapsOf(crew, plan.output);
  };
  const most = mostAtOnce(model.config);
  return {
    detect: (pixels, height, width, ways = 1) =>
      detectInTiles(pixels, height, width, peaksOf(see, ways), most),
    [Symbol.dispose]: () => crew[Symbol.dispose](),
  };
}

/** Writes down the network's steps for an image size, packs filters where new ones are needed. */
function planFor(
  { config }: Model,
  crew: Crew,
  filters: PackedFilters,
  height: number,
  width: number,
): Plan {
  const steps: Step[] = [];
  const image: HeapMap = { height, width, channels: 1, at: NaN };
  const output = centerNet(recording(steps, filters), image, config);
  const end = layOut(steps, filters.end, [image], readOf(output));
  const scratch = Math.max(...steps.map((step) => scratchOf(step, crew.kernels)));
  crew.reserve(end);
  return { image, steps, output, end, scratch: 64 * Math.ceil(scratch / 64) };
}

/** The maps that are read. */
function readOf({ heat, offset, size }: NetworkOutput<HeapMap>): HeapMap[] {
  return size ? [heat, offset, size] : [heat, offset];
}

/** Writes down what is done to a map that has no values yet. */
function recording(steps: Step[], filters: PackedFilters): Interpreter<HeapMap> {
  const record = (step: Step): HeapMap => {
    steps.push(step);
    return step.y;
  };
  const convolve = (
    name: string,
    x: HeapMap,
    channels: number,
    { kernel = 3, stride = 1, relu = true }: ConvOptions = {},
  ) => {
    const [height, width] = [x.height, x.width].map((side) => Math.ceil(side / stride));
    const isSpectrum = suitsWinograd({
      ...{ filterHeight: kernel, filterWidth: kernel, stride, outHeight: height, outWidth: width },
      ...{ inChannels: x.channels, outChannels: channels, batchSize: 1 },
    });
    const { channels: filledUp, ...filter } = filters.take(name, x.channels, isSpectrum);
    const y: HeapMap = { height, width, channels: filledUp, at: NaN };
    return record({ kind: "convolve", x, y, kernel, stride, relu, isSpectrum, ...filter });
  };
  const made = (x: HeapMap, changes: Partial<HeapMap> = {}) => ({ ...x, ...changes, at: NaN });
  return {
    convNorm: convolve,
    convBias: convolve,
    add: (a, b) => record({ kind: "add", maps: [a, b], y: made(a), relu: false }),
    relu(x) {
      const last = steps.at(-1)!;
      if (last.y === x && last.kind === "add") {
        return record({ ...steps.pop()!, relu: true } as Step);
      }
      throw new Error("of the network's activations, all follow a convolution or a sum");
    },
    concat(maps) {
      const channels = maps.reduce((sum, map) => sum + map.channels, 0);
      return record({ kind: "concat", maps, y: made(maps[0], { channels }) });
    },
    maxPool(x) {
      const y = made(x, { height: x.height / 2, width: x.width / 2 });
      return record({ kind: "maxPool", x, y });
    },
    upsample(x) {
      const y = made(x, { height: 2 * x.height, width: 2 * x.width });
      return record({ kind: "upsample", x, y });
    },
    channels: ({ channels }) => channels,
  };
}

/** Probabilities, offsets and, where the model has them, sizes. */
function mapsOf(crew: Crew, output: NetworkOutput<HeapMap>): MapValues[] {
  const [score, ...others] = readOf(output).map((map, i) => {
    const channels = i === 1 ? 2 : 1; // others fill up the lanes
    return { values: cellsOf(crew, map, channels), channels };
  });
  score.values = score.values.map((logit) => 1 / (1 + Math.exp(-logit)));
  return [score, ...others];
}

/** A copy of the first channels of a map. */
function cellsOf(crew: Crew, { at, height, width, channels: step }: HeapMap, channels: number) {
  const all = crew.floats(at, height * width * step);
  const cells = new Float32Array(height * width * channels);
  for (let i = 0; i < cells.length; i++) {
    cells[i] = all[Math.floor(i / channels) * step + i % channels];
  }
  return cells;
}
