import { type Circle, distance } from "../core/mod.ts";
import { OUTPUT_STRIDE } from "./config.ts";

/** σ of a target's Gaussian as a fraction of the object's diameter. */
export const SIGMA_RATIO = 1 / 9;

/** Diameter in network pixels whose logarithm the size head calls 0. */
export const SIZE_UNIT = 32;

/** What the network should give for one image; all maps are row-major [height, width, c]. */
export interface Targets {
  /** Rows of cells. */
  height: number;
  /** Columns of cells. */
  width: number;
  /** Gaussians with peak 1, c = 1. */
  heat: Float32Array;
  /** 1 in the cell of each centre, else 0, c = 1. */
  centre: Float32Array;
  /** Centre minus cell, (x, y) in cells, c = 2. */
  offset: Float32Array;
  /** ln(diameter / {@linkcode SIZE_UNIT}), c = 1. */
  size: Float32Array;
  /** 1 in the cells in which nothing is known, else 0, c = 1; absent where all is known. */
  ignored?: Float32Array;
  /** Whether only some of the objects are labelled. */
  sparse?: boolean;
}

/** Cell coordinate of a network pixel coordinate: cells are centred on their 4 × 4 pixels. */
export function toCell(pixel: number): number {
  return (pixel + 0.5) / OUTPUT_STRIDE - 0.5;
}

/** Network pixel coordinate of a cell coordinate. */
export function fromCell(cell: number): number {
  return (cell + 0.5) * OUTPUT_STRIDE - 0.5;
}

/**
 * Draws the target maps of the objects of one image.
 *
 * The Gaussians are centred between the cells, their σ grows with the diameter, they merge by
 * maximum, and the cell of a centre is 1. Objects whose cell lies outside contribute their tail
 * only. (Zhou et al., Objects as Points, section 3; the original drew one fixed size for every
 * particle.)
 *
 * @param objects In network pixels, as `ignored`.
 * @param imageHeight Rows of the image, a multiple of 4.
 * @param imageWidth Columns of the image, a multiple of 4.
 * @param ignored Circles in which nothing is known but the objects.
 */
export function drawTargets(
  objects: Circle[],
  imageHeight: number,
  imageWidth: number,
  ignored: readonly Circle[] = [],
): Targets {
  const [height, width] = [imageHeight / OUTPUT_STRIDE, imageWidth / OUTPUT_STRIDE];
  const cells = height * width;
  const targets: Targets = {
    height,
    width,
    heat: new Float32Array(cells),
    centre: new Float32Array(cells),
    offset: new Float32Array(2 * cells),
    size: new Float32Array(cells),
  };
  for (const object of objects) drawObject(targets, object);
  if (ignored.length > 0) targets.ignored = drawCircles(ignored, height, width);
  return targets;
}

/** 1 in the cells whose centres lie in one of the circles. */
function drawCircles(circles: readonly Circle[], height: number, width: number) {
  return Float32Array.from({ length: height * width }, (_, i) => {
    const cell = { x: fromCell(i % width), y: fromCell(Math.floor(i / width)) };
    const inside = circles.some((circle) => distance(circle, cell) <= circle.diameter / 2);
    return inside ? 1 : 0;
  });
}

function drawObject({ height, width, heat, centre, offset, size }: Targets, object: Circle) {
  const [x, y] = [toCell(object.x), toCell(object.y)];
  const [column, row] = [Math.round(x), Math.round(y)];
  const sigma = SIGMA_RATIO * object.diameter / OUTPUT_STRIDE;
  const reach = Math.ceil(3 * sigma);
  for (let r = Math.max(0, row - reach); r <= Math.min(height - 1, row + reach); r++) {
    for (let c = Math.max(0, column - reach); c <= Math.min(width - 1, column + reach); c++) {
      const value = Math.exp(-((r - y) ** 2 + (c - x) ** 2) / (2 * sigma * sigma));
      heat[r * width + c] = Math.max(heat[r * width + c], value);
    }
  }
  if (row < 0 || row >= height || column < 0 || column >= width) return;
  const cell = row * width + column;
  heat[cell] = 1;
  centre[cell] = 1;
  offset[2 * cell] = x - column;
  offset[2 * cell + 1] = y - row;
  size[cell] = Math.log(object.diameter / SIZE_UNIT);
}
