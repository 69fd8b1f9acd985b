import { type NetworkConfig, OUTPUT_STRIDE } from "./config.ts";
import type { OutputMaps } from "./decode.ts";

/** What a network of width 1 would see at once: it takes some 0.6 GB (330 bytes a pixel at .25). */
const AT_WIDTH_ONE = 475_000;

/** Whatever its width, a network sees images of the view `paper` whole. */
const LEAST_AT_ONCE = 1056 ** 2;

/** Most network pixels that a network should see at once. */
export function mostAtOnce({ width }: NetworkConfig): number {
  return Math.max(LEAST_AT_ONCE, Math.floor(AT_WIDTH_ONE / width));
}

/** The network halves its input five times: tiles begin and end at multiples of this. */
const STRIDE = 32;

/**
 * Rim of a tile that does not count where a neighbour has it, in network pixels.
 *
 * Scores differ by .0003 on average, and by .013 at most, from those without tiles; with 96 by ten
 * times as much (TRPV1, tiles of 640 pixels).
 */
export const RIM = 160;

/** A stretch of an image along one axis, in network pixels. */
export interface Span {
  /** First pixel that is seen. */
  start: number;
  /** Pixels that are seen; the same in all spans. */
  size: number;
  /** First pixel that counts. */
  from: number;
  /** First pixel that no longer counts. */
  to: number;
}

/** Runs a network on one image. */
export type RunNetwork = (
  pixels: Float32Array,
  height: number,
  width: number,
) => Promise<OutputMaps>;

/**
 * Runs a network on an image of any size in bounded memory: in tiles where it is large.
 *
 * Tiles have one size and overlap, and of every place that tile counts which has most around it.
 *
 * @param pixels Row-major `height × width`, both multiples of 32.
 * @param most Most pixels of a tile.
 */
export async function detectInTiles(
  pixels: Float32Array,
  height: number,
  width: number,
  run: RunNetwork,
  most: number,
): Promise<OutputMaps> {
  const { across, down } = tilesOf(width, height, most);
  if (across.length * down.length === 1) return await run(pixels, height, width);
  const [rows, columns] = [height / OUTPUT_STRIDE, width / OUTPUT_STRIDE];
  let all: OutputMaps | undefined;
  for (const y of down) {
    for (const x of across) {
      const seen = await run(cut(pixels, width, x, y), y.size, x.size);
      const { channels } = seen;
      all ??= {
        values: new Float32Array(rows * columns * channels),
        ...{ height: rows, width: columns, channels },
      };
      paste(seen, x, y, all);
    }
  }
  return all!;
}

/** The fewest pixels to see in tiles of at most so many; the smallest tiles that there are otherwise. */
export function tilesOf(
  width: number,
  height: number,
  most: number,
): { across: Span[]; down: Span[] } {
  const [columns, rows] = [width, height].map((length) => {
    const count = Math.max(1, Math.ceil((length - 2 * RIM) / STRIDE));
    return Array.from({ length: count }, (_, i) => ({ count: i + 1, size: sizeOf(length, i + 1) }));
  });
  let best = { count: [columns.length, rows.length], cost: Infinity };
  for (const x of columns) {
    const y = rows.find(({ size }) => x.size * size <= most); // more rows only cost more
    const cost = y === undefined ? Infinity : x.count * x.size * y.count * y.size;
    if (y !== undefined && cost < best.cost) best = { count: [x.count, y.count], cost };
  }
  const [across, down] = best.count;
  return { across: spansOf(width, across), down: spansOf(height, down) };
}

/** Pixels of each of so many spans that overlap by two rims. */
function sizeOf(length: number, count: number): number {
  return count === 1 ? length : up((length - 2 * RIM) / count) + 2 * RIM;
}

/** Divides a length into so many spans that overlap by two rims or more. */
function spansOf(length: number, count: number): Span[] {
  const size = sizeOf(length, count);
  const step = up((length - size) / Math.max(1, count - 1));
  const starts = Array.from({ length: count }, (_, i) => Math.min(i * step, length - size));
  const between = (i: number) => (starts[i] + starts[i - 1] + size) / 2;
  const spans = starts.map((start, i) => ({
    ...{ start, size },
    from: i === 0 ? 0 : between(i),
    to: i === count - 1 ? length : between(i + 1),
  }));
  return spans.filter(({ from, to }) => to > from);
}

function up(value: number): number {
  return Math.ceil(value / STRIDE) * STRIDE;
}

function cut(pixels: Float32Array, width: number, x: Span, y: Span): Float32Array {
  const tile = new Float32Array(x.size * y.size);
  for (let row = 0; row < y.size; row++) {
    const at = (y.start + row) * width + x.start;
    tile.set(pixels.subarray(at, at + x.size), row * x.size);
  }
  return tile;
}

/** Copies the cells that count. */
function paste(seen: OutputMaps, x: Span, y: Span, all: OutputMaps): void {
  const { channels } = seen;
  const cell = (pixel: number) => pixel / OUTPUT_STRIDE;
  for (let row = cell(y.from); row < cell(y.to); row++) {
    const source = ((row - cell(y.start)) * seen.width + cell(x.from - x.start)) * channels;
    const count = cell(x.to - x.from) * channels;
    const target = (row * all.width + cell(x.from)) * channels;
    all.values.set(seen.values.subarray(source, source + count), target);
  }
}
