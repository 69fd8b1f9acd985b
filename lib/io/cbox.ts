import type { Pick } from "../core/mod.ts";
import { badFile } from "./_bad_file.ts";
import { parseOrdinal, parsePositive, parseScore } from "./_numbers.ts";
import { cellsOf, type TableCells } from "./_table_cells.ts";
import { oneGroup, someHave, textOf } from "./_text.ts";
import { parseBoxes, sizeOfBox } from "./box.ts";
import type {
  CoordinateFormat,
  FormatContext,
  ParseContext,
  PickGroup,
} from "./coordinate_format.ts";
import { formatStarTable, parseStarTables, type StarTable } from "./star_table.ts";

/** What crYOLO writes where it does not know. */
const UNKNOWN = "<NA>";

/** The block of the boxes; others hold the vertices of filaments and what was looked at. */
const BLOCK = "cryolo";

const COLUMNS = [
  ...["_CoordinateX", "_CoordinateY", "_CoordinateZ", "_Width", "_Height", "_Depth"],
  ...["_EstWidth", "_EstHeight", "_Confidence", "_NumBoxes", "_Angle"],
];
const NEEDED = ["_CoordinateX", "_CoordinateY", "_Width", "_Height"];
const FIBER = "_filamentid";

/**
 * crYOLO's `.cbox`: a STAR file whose block `cryolo` has the corner and the size of boxes,
 * `_Confidence` as score and `_filamentid` as fiber; all detections, also those below crYOLO's
 * threshold.
 *
 * The diameter is the mean of the estimated width and height where crYOLO gives them, else the
 * larger side of the box. Filament numbers from 0 become fibers from 1. The older text form
 * (corner, size, confidence) is read as well. Fractions are kept. Of tomograms (`_CoordinateZ`)
 * only x and y are read.
 */
export const cboxFormat: CoordinateFormat = { name: "cbox", extensions: [".cbox"], parse, format };

function parse(bytes: Uint8Array, context: ParseContext): PickGroup[] {
  const text = textOf(bytes, context.file);
  if (!/^[ \t]*data_/m.test(text)) return oneGroup(parseBoxes(text, context));
  const tables = parseStarTables(text, context.file);
  const isBoxes = ({ name, columns }: StarTable) => {
    return name === BLOCK && NEEDED.every((column) => columns.includes(column));
  };
  const table = tables.find(isBoxes);
  if (!table) {
    const found = `the blocks ${tables.map(({ name }) => name).slice(0, 8).join(", ")}`;
    throw badFile(
      context.file,
      found,
      `${BLOCK} with ${NEEDED.join(", ")}`,
      "Export the boxes again.",
    );
  }
  const cells = cellsOf(table, context.file);
  const rows = [...table.rows.keys()];
  const firstFiber = rows.some((row) => Number(cells.text(row, FIBER)) === 0) ? 1 : 0;
  return oneGroup(rows.map((row) => pickOf(cells, row, firstFiber)));
}

function pickOf({ text, number, place }: TableCells, row: number, firstFiber: number): Pick {
  const known = (name: string) => {
    const value = text(row, name);
    return value === UNKNOWN || value?.toLowerCase() === "nan" ? undefined : value;
  };
  const side = (name: string) => parsePositive(known(name) ?? "", place(row), name);
  const [width, height] = [side("_Width"), side("_Height")];
  const estimates = ["_EstWidth", "_EstHeight"].flatMap((name) => {
    const size = known(name) === undefined ? 0 : number(row, name);
    return size > 0 ? size : []; // crYOLO writes -1 as well where it has none
  });
  const isEstimated = estimates.length === 2;
  const fiber = known(FIBER);
  return {
    x: number(row, "_CoordinateX") + width / 2,
    y: number(row, "_CoordinateY") + height / 2,
    diameter: isEstimated ? (estimates[0] + estimates[1]) / 2 : Math.max(width, height),
    score: parseScore(text(row, "_Confidence") ?? "", place(row), "_Confidence"),
    fiber: fiber === undefined
      ? undefined
      : (parseOrdinal(fiber, place(row), FIBER) ?? 0) + firstFiber || undefined,
  };
}

function format(picks: readonly Pick[], { file, boxSize }: FormatContext): string {
  const hasFibers = someHave("fiber", picks);
  const rows = picks.map(({ x, y, score, diameter, fiber }) => {
    const size = sizeOfBox(boxSize ?? diameter ?? NaN, file);
    const estimate = diameter === undefined ? UNKNOWN : diameter.toFixed(2);
    return [
      ...[(x - size / 2).toFixed(4), (y - size / 2).toFixed(4), UNKNOWN],
      ...[size.toFixed(4), size.toFixed(4), UNKNOWN, estimate, estimate],
      ...[score?.toFixed(6) ?? UNKNOWN, UNKNOWN, UNKNOWN],
      ...(hasFibers ? [fiber === undefined ? UNKNOWN : String(fiber)] : []),
    ];
  });
  const head = "\ndata_global\n\n_cbox_format_version 1.0\n";
  return head + formatStarTable(BLOCK, [...COLUMNS, ...(hasFibers ? [FIBER] : [])], rows);
}
