import type { Pick } from "../core/mod.ts";
import { badFile } from "./_bad_file.ts";
import { parseFiber, parseNumber, parsePositive } from "./_numbers.ts";
import { oneGroup, textOf } from "./_text.ts";
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

const COLUMNS = [
  ...["_CoordinateX", "_CoordinateY", "_CoordinateZ", "_Width", "_Height", "_Depth"],
  ...["_EstWidth", "_EstHeight", "_Confidence", "_NumBoxes", "_Angle"],
];
const NEEDED = ["_CoordinateX", "_CoordinateY", "_Width", "_Height"];
const FIBER = "_filamentid";

/**
 * crYOLO's `.cbox`: a STAR file with the corner and the size of boxes, `_Confidence` as score and
 * `_filamentid` as fiber; all detections, also those below crYOLO's threshold.
 *
 * The diameter is the mean of the estimated width and height where crYOLO gives them, else the
 * larger side of the box. Filament numbers from 0 become fibers from 1. The older text form
 * (corner, size, confidence) is read as well. Fractions are kept. Of tomograms (`_CoordinateZ`)
 * only x and y are read.
 */
export const cboxFormat: CoordinateFormat = { name: "cbox", extensions: [".cbox"], parse, format };

function parse(bytes: Uint8Array, context: ParseContext): PickGroup[] {
  const text = textOf(bytes);
  if (!/^\s*data_/m.test(text)) return oneGroup(parseBoxes(text, context));
  const tables = parseStarTables(text, context.file);
  const isBoxes = ({ columns }: StarTable) => NEEDED.every((name) => columns.includes(name));
  const table = tables.find(isBoxes);
  if (!table) {
    const found = `the blocks ${tables.map(({ name }) => name).slice(0, 8).join(", ")}`;
    throw badFile(context.file, found, `${NEEDED.join(", ")}`, "Export the boxes again.");
  }
  const column = table.columns.indexOf(FIBER);
  const first = table.rows.some((row) => Number(row[column]) === 0) ? 1 : 0;
  return oneGroup(table.rows.map((_, row) => pickOf(table, row, first, context.file)));
}

function pickOf(table: StarTable, row: number, firstFiber: number, file: string): Pick {
  const place = (what: string) => ({ file, line: table.lines[row], what });
  const value = (name: string) => {
    const text = table.rows[row][table.columns.indexOf(name)];
    return text === UNKNOWN || text?.toLowerCase() === "nan" ? undefined : text;
  };
  const number = (name: string) => parseNumber(value(name) ?? "", place(name));
  const side = (name: string) => parsePositive(value(name) ?? "", place(name));
  const [width, height] = [side("_Width"), side("_Height")];
  const estimates = ["_EstWidth", "_EstHeight"].flatMap((name) => {
    const text = value(name);
    const size = text === undefined ? 0 : parseNumber(text, place(name));
    return size > 0 ? size : []; // crYOLO writes -1 as well where it has none
  });
  const isEstimated = estimates.length === 2;
  const pick: Pick = {
    x: number("_CoordinateX") + width / 2,
    y: number("_CoordinateY") + height / 2,
    diameter: isEstimated ? (estimates[0] + estimates[1]) / 2 : Math.max(width, height),
  };
  if (value("_Confidence") !== undefined) pick.score = number("_Confidence");
  const fiber = value(FIBER);
  if (fiber !== undefined) {
    const id = (parseFiber(fiber.replace(/\.0*$/, ""), place(FIBER)) ?? 0) + firstFiber;
    if (id > 0) pick.fiber = id;
  }
  return pick;
}

function format(picks: readonly Pick[], { file, boxSize }: FormatContext): string {
  const hasFibers = picks.some(({ fiber }) => fiber !== undefined);
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
  return head + formatStarTable("cryolo", [...COLUMNS, ...(hasFibers ? [FIBER] : [])], rows);
}
