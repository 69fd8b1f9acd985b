/**
 * The network: CenterNet on DLA-34, written once and read in several ways.
 *
 * {@linkcode centerNet} says how values flow; an {@linkcode Interpreter} says what a value is. The
 * same definition so declares the parameters, runs in training (batch statistics) and in inference
 * (normalisation folded into the convolutions).
 *
 * Encoder: stem and six levels, each level a tree of residual blocks whose root concatenates and
 * mixes what came before it (Yu et al., Deep Layer Aggregation, 2018). Decoder: iterative
 * aggregation, where deeper maps are convolved, enlarged and added to finer ones. Heads: one 3 × 3
 * and one 1 × 1 convolution each (Zhou et al., Objects as Points, 2019).
 *
 * @module
 */
import { channelsOf, type NetworkConfig } from "./config.ts";

/** How a convolution differs from 3 × 3, stride 1, ReLU. */
export interface ConvOptions {
  /** Edge of the kernel, odd. */
  kernel?: number;
  /** Step of the output. */
  stride?: number;
  /** Whether ReLU follows. */
  relu?: boolean;
}

/** What the values of the network are: shapes, tensors in training, tensors in inference. */
export interface Interpreter<V> {
  /** Convolution without bias, batch normalisation and, unless switched off, ReLU. */
  convNorm(name: string, x: V, channels: number, options?: ConvOptions): V;
  /** Convolution with bias, starting at `bias`, and, unless switched off, ReLU. */
  convBias(name: string, x: V, channels: number, options?: ConvOptions & { bias?: number }): V;
  /** Sum of two maps. */
  add(a: V, b: V): V;
  /** max(0, x). */
  relu(x: V): V;
  /** Joins maps along the channels. */
  concat(maps: V[]): V;
  /** Maximum over 2 × 2, stride 2. */
  maxPool(x: V): V;
  /** Bilinear enlargement by two. */
  upsample(x: V): V;
  /** Number of channels. */
  channels(x: V): number;
}

/** What the network gives for images [n, h, w, 1]; maps are [n, h/4, w/4, c]. */
export interface NetworkOutput<V> {
  /** Logits of the heat map, c = 1. */
  heat: V;
  /** Sub-cell offset (x, y) in cells, c = 2. */
  offset: V;
  /** ln(diameter / 32 network pixels), c = 1, where the configuration asks for it. */
  size?: V;
  /** The deepest features, [n, h/32, w/32, 512 × width]. */
  deep: V;
  /** The features below the heads, [n, h/4, w/4, 64 × width]. */
  fine: V;
}

/** Starting bias of the heat map's logits: a probability of 0.1 everywhere. */
const HEAT_BIAS = -2.19;

/** The whole network on images with sides that are multiples of 32. */
export function centerNet<V>(
  net: Interpreter<V>,
  image: V,
  config: NetworkConfig,
): NetworkOutput<V> {
  const levels = encoder(net, image, channelsOf(config)); // strides 1, 2, 4, 8, 16, 32
  const fine = decoder(net, levels.slice(2)); // [n, h/4, w/4, 64 w]
  const head = (name: string, channels: number, bias = 0) => {
    const hidden = net.convBias(`${name}.hidden`, fine, config.headWidth);
    return net.convBias(`${name}.out`, hidden, channels, { kernel: 1, relu: false, bias });
  };
  return {
    heat: head("heat", 1, HEAT_BIAS),
    offset: head("offset", 2),
    ...(config.size && { size: head("size", 1) }),
    deep: levels[5],
    fine,
  };
}

function encoder<V>(net: Interpreter<V>, image: V, c: number[]): V[] {
  const stem = net.convNorm("stem", image, c[0], { kernel: 7 });
  const level0 = net.convNorm("level0", stem, c[0]);
  const level1 = net.convNorm("level1", level0, c[1], { stride: 2 });
  const level2 = tree(net, "level2", level1, c[2], { depth: 1, levelRoot: false });
  const level3 = tree(net, "level3", level2, c[3], { depth: 2, levelRoot: true });
  const level4 = tree(net, "level4", level3, c[4], { depth: 2, levelRoot: true });
  const level5 = tree(net, "level5", level4, c[5], { depth: 1, levelRoot: true });
  return [level0, level1, level2, level3, level4, level5];
}

/** A level: trees of residual blocks at half the resolution of x. */
function tree<V>(
  net: Interpreter<V>,
  name: string,
  x: V,
  channels: number,
  { depth, levelRoot }: { depth: 1 | 2; levelRoot: boolean },
): V {
  const pooled = net.maxPool(x);
  const passed = levelRoot ? [pooled] : [];
  if (depth === 1) return branch(net, name, x, pooled, channels, 2, passed);
  const first = branch(net, `${name}.tree1`, x, pooled, channels, 2, []);
  return branch(net, `${name}.tree2`, first, first, channels, 1, [...passed, first]);
}

/** Two residual blocks and the root that mixes them with what is passed on to it. */
function branch<V>(
  net: Interpreter<V>,
  name: string,
  x: V,
  pooled: V,
  channels: number,
  stride: number,
  passed: V[],
): V {
  const shortcut = net.channels(pooled) === channels
    ? pooled
    : net.convNorm(`${name}.project`, pooled, channels, { kernel: 1, relu: false });
  const a = residual(net, `${name}.block1`, x, shortcut, channels, stride);
  const b = residual(net, `${name}.block2`, a, a, channels, 1);
  return net.convNorm(`${name}.root`, net.concat([b, a, ...passed]), channels, { kernel: 1 });
}

function residual<V>(
  net: Interpreter<V>,
  name: string,
  x: V,
  shortcut: V,
  channels: number,
  stride: number,
): V {
  const hidden = net.convNorm(`${name}.conv1`, x, channels, { stride });
  const out = net.convNorm(`${name}.conv2`, hidden, channels, { relu: false });
  return net.relu(net.add(out, shortcut));
}

/** Levels at strides 4, 8, 16, 32 to one map at stride 4. */
function decoder<V>(net: Interpreter<V>, levels: V[]): V {
  const maps = [...levels];
  const deepest: V[] = [];
  for (let finest = maps.length - 2; finest >= 0; finest--) {
    for (let i = finest + 1; i < maps.length; i++) {
      maps[i] = merge(net, `up${maps.length - 1 - finest}.${i - finest}`, maps[i], maps[i - 1], 1);
    }
    deepest.unshift(maps[maps.length - 1]);
  }
  const [fine, middle, coarse] = deepest; // strides 4, 8, 16
  const merged = merge(net, "final.1", middle, fine, 1);
  return merge(net, "final.2", coarse, merged, 2);
}

/** A deeper map, brought to the width and 2^doublings the resolution of a finer one, plus that. */
function merge<V>(net: Interpreter<V>, name: string, deep: V, fine: V, doublings: number): V {
  const channels = net.channels(fine);
  let up = net.convNorm(`${name}.project`, deep, channels);
  for (let i = 0; i < doublings; i++) up = net.upsample(up);
  return net.convNorm(`${name}.node`, net.add(up, fine), channels);
}
