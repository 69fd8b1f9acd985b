import { random } from "../core/mod.ts";
import type { NetworkConfig } from "./config.ts";
import { centerNet, type Interpreter } from "./network.ts";

/** Where one named array lies in a flat vector. */
export interface Slot {
  /** Dotted name, e.g. `level2.block1.conv1.weight`. */
  name: string;
  /** Shape; filters are [kh, kw, cin, cout]. */
  shape: number[];
  /** First element in the flat vector. */
  offset: number;
  /** Number of elements. */
  length: number;
  /** Starting value, or the standard deviation from which starting values are drawn. */
  initial: number | { deviation: number };
}

/** The order of all arrays of a network in its two flat vectors. */
export interface Layout {
  /** What is trained: filters, scales, shifts, biases. */
  parameters: Slot[];
  /** What is gathered: means and variances of the normalisations. */
  statistics: Slot[];
}

/** The values of a network: two flat vectors, ordered by its {@linkcode Layout}. */
export interface Weights {
  /** The trained vector. */
  parameters: Float32Array;
  /** The gathered vector. */
  statistics: Float32Array;
}

/** Declares a network's arrays by reading {@linkcode centerNet} with channel counts as values. */
export function layoutOf(config: NetworkConfig): Layout {
  const parameters: Slot[] = [];
  const statistics: Slot[] = [];
  const declare = (slots: Slot[], name: string, shape: number[], initial: Slot["initial"]) => {
    const last = slots.at(-1);
    const length = shape.reduce((product, n) => product * n, 1);
    slots.push({ name, shape, initial, length, offset: last ? last.offset + last.length : 0 });
  };
  const filter = (name: string, cin: number, cout: number, kernel = 3, deviation?: number) =>
    declare(parameters, `${name}.weight`, [kernel, kernel, cin, cout], {
      deviation: deviation ?? Math.sqrt(2 / (kernel * kernel * cin)),
    });
  const declaring: Interpreter<number> = {
    convNorm(name, x, channels, { kernel } = {}) {
      filter(name, x, channels, kernel);
      declare(parameters, `${name}.scale`, [channels], 1);
      declare(parameters, `${name}.shift`, [channels], 0);
      declare(statistics, `${name}.mean`, [channels], 0);
      declare(statistics, `${name}.variance`, [channels], 1);
      return channels;
    },
    convBias(name, x, channels, { kernel, relu = true, bias = 0 } = {}) {
      filter(name, x, channels, kernel, relu ? undefined : OUTPUT_DEVIATION);
      declare(parameters, `${name}.bias`, [channels], bias);
      return channels;
    },
    add: (a) => a,
    relu: (x) => x,
    concat: (maps) => maps.reduce((sum, channels) => sum + channels, 0),
    maxPool: (x) => x,
    upsample: (x) => x,
    channels: (x) => x,
  };
  centerNet(declaring, 1, config);
  return { parameters, statistics };
}

/** Number of values in a vector with these slots. */
export function lengthOf(slots: Slot[]): number {
  const last = slots.at(-1);
  return last ? last.offset + last.length : 0;
}

/** Standard deviation of the starting filters of a head's output, which begins near its bias. */
const OUTPUT_DEVIATION = 0.01;

/** Fresh weights: He-normal filters (He et al., 2015) from a seed, scales 1, shifts 0. */
export function initialWeights(layout: Layout, seed: number): Weights {
  return {
    parameters: initialVector(layout.parameters, seed),
    statistics: initialVector(layout.statistics, seed),
  };
}

function initialVector(slots: Slot[], seed: number): Float32Array {
  const vector = new Float32Array(lengthOf(slots));
  for (const [index, { offset, length, initial }] of slots.entries()) {
    const values = vector.subarray(offset, offset + length);
    if (typeof initial === "number") {
      values.fill(initial);
      continue;
    }
    const stream = random(seed, index);
    for (let i = 0; i < length; i++) values[i] = initial.deviation * stream.normal();
  }
  return vector;
}
