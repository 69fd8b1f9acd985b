import type { Micrograph } from "../core/mod.ts";

/**
 * Tells which network pixels lie on known micrograph pixels: not on those without a finite value, nor
 * in rows and columns of one value along the border, as motion correction leaves them.
 */
export function knownIn(micrograph: Micrograph, scale: number): (x: number, y: number) => boolean {
  const { width, pixels } = micrograph;
  const { left, right, top, bottom } = contentOf(micrograph);
  return (x, y) => {
    const column = Math.floor((x + 0.5) * scale);
    const row = Math.floor((y + 0.5) * scale);
    const isInside = column >= left && column < right && row >= top && row < bottom;
    return isInside && Number.isFinite(pixels[row * width + column]);
  };
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
