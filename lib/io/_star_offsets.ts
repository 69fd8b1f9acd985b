import type { Point } from "../core/mod.ts";
import { parsePositive } from "./_numbers.ts";
import { STAR } from "./_star_names.ts";
import { cellsOf, type TableCells } from "./_table_cells.ts";
import type { StarTable } from "./star_table.ts";

/** Offsets in Å: RELION 3.1 and later. */
const ANGSTROM = ["_rlnOriginXAngst", "_rlnOriginYAngst"] as const;
/** Offsets in pixels of the particle image: RELION up to 3.0. */
const PIXELS = ["_rlnOriginX", "_rlnOriginY"] as const;
/** µm on the detector and its magnification: the pixel size of the particle image up to 3.0. */
const DETECTOR = "_rlnDetectorPixelSize";
const MAGNIFICATION = "_rlnMagnification";

/** How to read the offset of a row in Å; nothing where the table does not tell it. */
export function offsetReader(
  { has, text, number, place }: TableCells,
): ((row: number) => Point) | undefined {
  const [x, y] = ANGSTROM.every(has) ? ANGSTROM : PIXELS;
  if (x === ANGSTROM[0]) return (row) => ({ x: number(row, x), y: number(row, y) });
  if (![x, y, DETECTOR, MAGNIFICATION].every(has)) return undefined;
  return (row) => {
    const magnification = parsePositive(text(row, MAGNIFICATION)!, place(row), MAGNIFICATION);
    const quotient = String(1e4 * number(row, DETECTOR) / magnification);
    const pixelSizeA = parsePositive(quotient, place(row), `${DETECTOR} / ${MAGNIFICATION}`);
    return { x: pixelSizeA * number(row, x), y: pixelSizeA * number(row, y) };
  };
}

/**
 * How to read the micrograph's Å per pixel for a row: from the row itself or from its optics group.
 *
 * `_rlnImagePixelSize` is that of the particle images and `_rlnMicrographOriginalPixelSize` that of
 * the movies before binning: neither tells it.
 */
export function pixelSizeReader(
  cells: TableCells,
  tables: readonly StarTable[],
  file: string,
): (row: number) => number | undefined {
  if (cells.has(STAR.micrographPixelSize)) {
    return (row) => positive(cells.number(row, STAR.micrographPixelSize));
  }
  const optics = tables.find(({ columns }) => {
    return columns.includes(STAR.opticsGroup) && columns.includes(STAR.micrographPixelSize);
  });
  if (!optics || !cells.has(STAR.opticsGroup)) return () => undefined;
  const { text, number } = cellsOf(optics, file);
  const sizes = new Map(
    optics.rows.map((
      _,
      row,
    ) => [text(row, STAR.opticsGroup), number(row, STAR.micrographPixelSize)]),
  );
  return (row) => positive(sizes.get(cells.text(row, STAR.opticsGroup)));
}

function positive(value = 0): number | undefined {
  return value > 0 ? value : undefined;
}
