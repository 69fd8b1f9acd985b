import type { Micrograph } from "../core/mod.ts";
import type { NetworkGeometry } from "./geometry.ts";

/**
 * Which network pixels lie on known micrograph pixels, 1 for each: not on those without a finite
 * value, nor in rows and columns of one value along the border, as motion correction leaves them.
 */
export function knownIn(
  micrograph: Micrograph,
  { width, height, scale }: NetworkGeometry,
): Uint8Array {
  const { pixels } = micrograph;
  const { left, right, top, bottom } = contentOf(micrograph);
  const known = new Uint8Array(width * height);
  const columns = Int32Array.from({ length: width }, (_, x) => Math.floor((x + 0.5) * scale));
  for (let y = 0, at = 0; y < height; y++) {
    const row = Math.floor((y + 0.5) * scale);
    const isInside = row >= top && row < bottom;
    for (let x = 0; x < width; x++, at++) {
      const column = columns[x];
      if (!isInside || column < left || column >= right) continue;
      if (Number.isFinite(pixels[row * micrograph.width + column])) known[at] = 1;
    }
  }
  return known;
}

/** The part of a micrograph within rows and columns of one value along its border. */
function contentOf({ width, height, pixels }: Micrograph) {
  let [left, right, top, bottom] = [0, width, 0, height];
  const isBlank = (start: number, count: number, step: number) => {
    for (let i = 1, at = start + step; i < count; i++, at += step) {
      if (!Object.is(pixels[at], pixels[start])) return false;
    }
    return true;
  };
  while (top < bottom && isBlank(top * width, width, 1)) top++;
  while (bottom > top && isBlank((bottom - 1) * width, width, 1)) bottom--;
  const isBlankColumn = (column: number) => isBlank(top * width + column, bottom - top, width);
  while (left < right && isBlankColumn(left)) left++;
  while (right > left && isBlankColumn(right - 1)) right--;
  return { left, right, top, bottom };
}
