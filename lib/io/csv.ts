// @ts-types="npm:@types/papaparse@^5.5.0"
import Papa from "papaparse";
import type { Pick } from "../core/mod.ts";
import { badFile, excerpt } from "./_bad_file.ts";
import { badLine, parseNumber, parseOrdinal, parsePositive, parseScore } from "./_numbers.ts";
import { byMicrograph, groupOf, linesOf, someHave, textOf } from "./_text.ts";
import type {
  CoordinateFormat,
  FormatContext,
  ParseContext,
  PickGroup,
} from "./coordinate_format.ts";

/** Names of the columns, in lower case and without all but letters and digits. */
const COLUMNS = {
  x: ["x", "xcoord", "xcoordinate", "coordinatex", "axis1"],
  y: ["y", "ycoord", "ycoordinate", "coordinatey", "axis0"],
  score: ["score", "confidence"],
  diameter: ["diameter"],
  fiber: ["fiber", "fibre"],
  classNumber: ["class", "classnumber", "classid"],
  micrograph: ["imagename", "imagefilename", "micrograph", "micrographname"],
} as const;

type Column = keyof typeof COLUMNS;

/** Columns of napari's files that are no points on one image. */
const NO_POINTS: Record<string, string> = {
  axis2: "points in a volume or a stack",
  shapetype: "shapes",
};

/** Index of each column; -1 for those that are absent. */
type Places = Record<Column, number>;

/**
 * A table with a header line, centres in micrograph pixels; commas, semicolons or tabs between
 * cells, which may stand in double quotes (RFC 4180).
 *
 * Reads the names of this project (`x,y,score,diameter,fiber,class`), of CryoPPP (`X-Coordinate`, …),
 * of Topaz (`image_name`, `x_coord`, …; unscaled) and of napari's points (`axis-0` is y, `axis-1` x),
 * in any case and order; other columns are left out, and so is the second of two columns that mean
 * the same. Writes the columns that occur, x, y and diameter with 2 decimals; tabs in `.tsv`, else
 * commas.
 */
export const csvFormat: CoordinateFormat = {
  name: "csv",
  extensions: [".csv", ".tsv"],
  parse: parseTable,
  format,
};

interface Row {
  line: number;
  cells: string[];
}

/** Reads a table with a header line, whatever its separator. */
export function parseTable(bytes: Uint8Array, { file }: ParseContext): PickGroup[] {
  const [header, ...rows] = rowsIn(linesOf(textOf(bytes, file)), file);
  if (header === undefined) return [];
  const place = columnPlaces(header.cells, `${file}, line ${header.line}`);
  for (const row of rows) checkCells(row, header.cells.length, file);
  const placeOf = ({ line }: Row) => ({ file, line });
  const groups = byMicrograph(rows, ({ cells }) => cells[place.micrograph], placeOf);
  return groups.map(({ rows, ...named }) => {
    return groupOf({ ...named, picks: rows.map((row) => pickOf(row, place, file)) });
  });
}

/** The rows with something in them; the first one tells the separator. */
function rowsIn(lines: string[], file: string): Row[] {
  const first = lines.find((line) => line.trim() !== "") ?? "";
  const delimiter = [..."\t;,"].find((character) => first.includes(character)) ?? ",";
  const { data, errors } = Papa.parse<string[]>(lines.join("\n"), { delimiter, newline: "\n" });
  let line = 1;
  const rows = data.map((cells) => {
    const row = { line, cells: cells.map((cell) => cell.trim()) };
    line += 1 + cells.reduce((sum, cell) => sum + cell.split("\n").length - 1, 0);
    return row;
  });
  for (const { row, type } of errors) {
    if (type !== "Quotes") continue; // the delimiter is given, and rows are held to the header below
    const expected = "the same quote behind the cell, and quotes within it doubled";
    throw badLine({ file, line: rows[row ?? 0].line }, "a quote that is not closed", expected);
  }
  return rows.filter(({ cells }) => cells.some((cell) => cell !== ""));
}

function columnPlaces(header: string[], where: string): Places {
  const names = header.map((name) => name.toLowerCase().replace(/[^a-z0-9]/g, ""));
  const find = (column: Column) => {
    return names.findIndex((name) => COLUMNS[column].some((alias) => alias === name));
  };
  const columns = Object.keys(COLUMNS) as Column[];
  const place = Object.fromEntries(columns.map((column) => [column, find(column)])) as Places;
  const other = names.find((name) => Object.hasOwn(NO_POINTS, name));
  if (other !== undefined && names.includes("axis0")) {
    const remedy = "Save a layer of points on one micrograph.";
    throw badFile(where, `napari's ${NO_POINTS[other]}`, "points of axis-0 and axis-1", remedy);
  }
  if (place.x >= 0 && place.y >= 0) return place;
  const found = `the header ${excerpt(header.join(","))}`;
  throw badFile(where, found, "a header with the columns x and y", "Add a header line.");
}

/** Holds a row to the number of columns; empty cells too many at the end do no harm. */
function checkCells({ cells, line }: Row, count: number, file: string): void {
  const tooMany = cells.slice(count).some((cell) => cell !== "");
  if (cells.length >= count && !tooMany) return;
  const found = `${cells.length} cells as a row`;
  throw badLine({ file, line }, found, `${count}, as in the header`);
}

function pickOf({ cells, line }: Row, places: Places, file: string): Pick {
  const text = (column: Column) => cells[places[column]] ?? "";
  const place = { file, line };
  const [diameter, fiber, classNumber] = [text("diameter"), text("fiber"), text("classNumber")];
  return {
    x: parseNumber(text("x"), place, "x"),
    y: parseNumber(text("y"), place, "y"),
    score: parseScore(text("score"), place, "score"),
    diameter: diameter ? parsePositive(diameter, place, "diameter") : undefined,
    fiber: parseOrdinal(fiber || "0", place, COLUMNS.fiber[0]),
    classNumber: parseOrdinal(classNumber || "0", place, COLUMNS.classNumber[0]),
  };
}

function format(picks: readonly Pick[], { file }: FormatContext): string {
  const separator = /\.tsv$/i.test(file) ? "\t" : ",";
  const decimals = { score: 6, diameter: 2, fiber: 0, classNumber: 0 };
  const columns = ["score", "diameter", "fiber", "classNumber"] as const;
  const optional = columns.filter((column) => someHave(column, picks));
  const header = ["x", "y", ...optional.map((column) => COLUMNS[column][0])];
  const lines = picks.map((pick) => [
    pick.x.toFixed(2),
    pick.y.toFixed(2),
    ...optional.map((column) => pick[column]?.toFixed(decimals[column]) ?? ""),
  ]);
  return [header, ...lines].map((cells) => cells.join(separator) + "\n").join("");
}
