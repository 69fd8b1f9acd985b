import type { Point, Random } from "../core/mod.ts";
import { spanOn } from "./canvas.ts";
import { grain, OPTICS, transfer } from "./made_up.ts";
import { madeUpDirt } from "./made_up_dirt.ts";

/** A small image of fibers that do not exist, and where they are. */
export interface MadeUpFibers {
  /** Row-major `size × size` values, fibers dark, without any unit. */
  pixels: Float32Array;
  /** Centre lines in pixels, which may leave the image; none in one without fibers. */
  lines: Point[][];
  /** Width of the fibers in pixels. */
  width: number;
}

/** One blob of a subunit; lengths in widths, the turn in radians about the centre line. */
interface Blob {
  radius: number;
  axial: number;
  turn: number;
  sigma: number;
  weight: number;
}

/** A subunit repeated by a screw: rise in widths, twist in radians. */
interface Screw {
  rise: number;
  twist: number;
  blobs: Blob[];
}

/** Widths in Å, by which the CTF's rings are wide or narrow. */
const WIDTHS_A = { least: 60, most: 250 };

/** Distance of a centre line's nodes in pixels. */
const STEP = 2;

/** Nodes to either side over which a bundle's direction is taken, so that waves do not shake it. */
const SPAN = 8;

/**
 * Makes up a piece of a micrograph of fibers: rods, tubes, twisted strands, strings of beads, bare or
 * decorated, each image of one kind; straight, bent or wavy, crossing, in bundles, with ends; dirt, the
 * film's edge, single lines of quite another width; a random CTF and coloured noise. A good third of the
 * images has no fiber.
 *
 * @param size Columns and rows, a power of two.
 * @param typical Typical width in pixels; each image's is drawn around it.
 */
export function madeUpFibers(size: number, typical: number, stream: Random): MadeUpFibers {
  const width = typical * Math.exp(stream.between(-0.35, 0.35));
  const screw = madeUpScrew(stream);
  const lines = layLines(size, width, stream);
  const pixels = new Float32Array(size * size);
  for (const line of lines) {
    paintFiber({ pixels, size, width, depth: stream.between(0.8, 1.2) }, screw, line, stream);
  }
  const dirt = madeUpDirt(size, width, stream);
  if (stream.uniform() < 0.2) {
    const other = { pixels: dirt, size, width: width * [0.2, 3, 4.5][stream.integer(3)] };
    const line = centreLine(size, 3 * size, { curvature: 0, wave: 0 }, stream);
    paintFiber({ ...other, depth: stream.between(0.5, 3) }, madeUpScrew(stream), line, stream);
  }
  if (stream.uniform() < 0.8) {
    const isSeen = stream.uniform() < 0.5;
    const widthA = WIDTHS_A.least * (WIDTHS_A.most / WIDTHS_A.least) ** stream.uniform();
    const unit = 100 * width / widthA;
    transfer(pixels, size, unit, stream, { ...OPTICS, other: isSeen ? dirt : undefined });
  }
  const gain = 1 / (depthOn(lines, { pixels, size, width }) || 1);
  const strength = 0.35 * Math.exp(stream.between(0, 2));
  const noise = grain(size, stream);
  for (let i = 0; i < pixels.length; i++) {
    pixels[i] = gain * pixels[i] + dirt[i] + strength * noise[i];
  }
  return { pixels, lines, width };
}

/** The lines of an image: none, single ones, many, or bundles. */
function layLines(size: number, width: number, stream: Random): Point[][] {
  const kind = stream.integer(8);
  if (kind < 3) return [];
  const count = [1 + stream.integer(3), 3 + stream.integer(6), 8 + stream.integer(7)][
    [0, 0, 1, 1, 2][kind - 3]
  ];
  const isBent = stream.uniform() < 0.5;
  const wave = 1 / (width * Math.exp(stream.between(3, 8))); // over the persistence length
  return Array.from({ length: count }, () => {
    const radius = width * Math.exp(stream.between(2, 4));
    const curvature = isBent ? (stream.integer(2) ? 1 : -1) / radius : 0;
    const length = stream.integer(2) ? 3 * size : stream.between(5 * width, size);
    return centreLine(size, length, { curvature, wave }, stream);
  }).flatMap((line) => stream.uniform() < 0.05 ? bundle(line, width, stream) : [line]);
}

/** A line and a few beside it. */
function bundle(line: Point[], width: number, stream: Random): Point[][] {
  const [apart, lines] = [width * stream.between(1, 1.5), 2 + stream.integer(2)];
  return Array.from({ length: lines }, (_, i) =>
    line.map((point, n) => {
      const [a, b] = [line[Math.max(0, n - SPAN)], line[Math.min(line.length - 1, n + SPAN)]];
      const length = Math.hypot(b.x - a.x, b.y - a.y);
      return {
        x: point.x - i * apart * (b.y - a.y) / length,
        y: point.y + i * apart * (b.x - a.x) / length,
      };
    }));
}

/**
 * A worm-like chain about an arc through a random point of the image, both ways; what runs far beyond
 * the image is left out.
 */
function centreLine(
  size: number,
  length: number,
  { curvature, wave }: { curvature: number; wave: number },
  stream: Random,
): Point[] {
  const middle = { x: stream.between(0, size), y: stream.between(0, size) };
  const start = stream.between(0, 2 * Math.PI);
  const half = (direction: number, turn: number) => {
    const points: Point[] = [];
    let [{ x, y }, angle] = [middle, direction];
    for (let done = 0; done < length / 2; done += STEP) {
      angle += STEP * turn + stream.normal() * Math.sqrt(STEP * wave);
      [x, y] = [x + STEP * Math.cos(angle), y + STEP * Math.sin(angle)];
      if (Math.max(-x, -y, x - size, y - size) > size / 4) break;
      points.push({ x, y });
    }
    return points;
  };
  return [...half(start + Math.PI, -curvature).reverse(), middle, ...half(start, curvature)];
}

/** A rod, a tube, strands twisted about each other or a string of beads, in a third decorated. */
function madeUpScrew(stream: Random): Screw {
  const sigma = stream.between(0.1, 0.2);
  const outer = 0.5 - sigma;
  const blob = (radius: number, turn: number, axial = 0): Blob => {
    return { radius, turn, axial, sigma, weight: stream.between(0.7, 1.3) };
  };
  const turns = (count: number) => Array.from({ length: count }, (_, i) => 2 * Math.PI * i / count);
  const kinds: (() => Screw)[] = [
    () => ({ rise: 0.12, twist: 2.4, blobs: [blob(0, 0), blob(outer * stream.uniform(), 1)] }),
    () => ({ rise: 0.2, twist: 1.1, blobs: turns(4).map((turn) => blob(outer, turn)) }),
    () => ({
      rise: stream.between(0.15, 0.4),
      twist: stream.between(0.05, 0.4),
      blobs: turns(2).map((turn) => blob(outer * stream.between(0.7, 1), turn)),
    }),
    () => ({
      rise: stream.between(0.4, 1.1),
      twist: stream.between(0, Math.PI),
      blobs: [blob(0, 0), blob(outer, 0), blob(outer, Math.PI)],
    }),
  ];
  const { rise, twist, blobs } = kinds[stream.integer(kinds.length)]();
  if (stream.uniform() < 0.67) return { rise, twist, blobs };
  const every = 1 + stream.integer(6); // subunits from one decoration to the next
  const all = Array.from({ length: every }, (_, i) =>
    blobs.map(({ ...one }) => ({
      ...one,
      axial: one.axial + i * rise,
      turn: one.turn + i * twist,
    })));
  const extra = { ...blob(stream.between(0.4, 0.8), 0), weight: stream.between(0.5, 3) };
  return { rise: every * rise, twist: every * twist, blobs: [...all.flat(), extra] };
}

/** Where and how deep a fiber is painted. */
interface Brush {
  pixels: Float32Array;
  size: number;
  width: number;
  /** Mean depth over the width. */
  depth: number;
}

/** Subtracts subunit after subunit along a line. */
function paintFiber(brush: Brush, { rise, twist, blobs }: Screw, line: Point[], stream: Random) {
  const { width, depth } = brush;
  const whole = blobs.reduce((sum, { weight }) => sum + weight, 0);
  const step = rise * width;
  let [done, turn] = [step * stream.uniform(), stream.between(0, 2 * Math.PI)];
  for (let i = 1; i < line.length; i++) {
    const [from, to] = [line[i - 1], line[i]];
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    const [cos, sin] = [(to.x - from.x) / length, (to.y - from.y) / length];
    for (; done < length; done += step, turn += twist) {
      for (const { radius, axial, turn: own, sigma, weight } of blobs) {
        const [along, across] = [done + axial * width, radius * width * Math.cos(turn + own)];
        const s = sigma * width;
        const height = depth * width * step * weight / whole / (2 * Math.PI * s * s);
        const x = from.x + along * cos - across * sin;
        paintBlob(brush, { x, y: from.y + along * sin + across * cos }, s, height);
      }
    }
    done -= length;
  }
}

function paintBlob({ pixels, size }: Brush, { x, y }: Point, sigma: number, height: number): void {
  const [rows, columns] = [spanOn(size, y, 3 * sigma), spanOn(size, x, 3 * sigma)];
  if (columns.to < columns.from) return;
  const row = new Float64Array(columns.to - columns.from + 1);
  for (let i = 0; i < row.length; i++) {
    row[i] = Math.exp(-((columns.from + i - x) ** 2) / (2 * sigma * sigma));
  }
  for (let j = rows.from; j <= rows.to; j++) {
    const value = height * Math.exp(-((j - y) ** 2) / (2 * sigma * sigma));
    for (let i = 0, at = j * size + columns.from; i < row.length; i++, at++) {
      pixels[at] -= value * row[i];
    }
  }
}

/** Root mean square of an image over the area of its fibers; 0 where there are none. */
function depthOn(
  lines: Point[][],
  { pixels, size, width }: { pixels: Float32Array; size: number; width: number },
): number {
  const inside = lines.flat().filter(({ x, y }) => x >= 0 && y >= 0 && x < size && y < size).length;
  if (inside === 0) return 0;
  return Math.sqrt(pixels.reduce((sum, value) => sum + value * value, 0) / (inside * STEP * width));
}
