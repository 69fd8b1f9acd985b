import type { Pick } from "../core/mod.ts";
import { badFile, excerpt } from "./_bad_file.ts";
import { badLine, parseNumber, parseOrdinal, parsePositive } from "./_numbers.ts";
import { groupRows, linesOf, textOf } from "./_text.ts";
import type {
  CoordinateFormat,
  FormatContext,
  ParseContext,
  PickGroup,
} from "./coordinate_format.ts";

/** Names of the columns, in lower case and without all but letters. */
const COLUMNS = {
  x: ["x", "xcoord", "xcoordinate", "coordinatex"],
  y: ["y", "ycoord", "ycoordinate", "coordinatey"],
  score: ["score", "confidence"],
  diameter: ["diameter"],
  fiber: ["fiber", "fibre"],
  classNumber: ["class", "classnumber", "classid"],
  micrograph: ["imagename", "imagefilename", "micrograph", "micrographname"],
} as const;

type Column = keyof typeof COLUMNS;

/** Index of each column; -1 for those that are absent. */
type Places = Record<Column, number>;

/**
 * A table with a header line, centres in micrograph pixels; commas, semicolons or tabs between
 * cells.
 *
 * Reads the names of this project (`x,y,score,diameter,fiber,class`), of CryoPPP (`X-Coordinate`, …)
 * and of Topaz (`image_name`, `x_coord`, …; unscaled), in any case and order; other columns are left
 * out, and so is the second of two columns that mean the same. Writes the columns that occur, x, y
 * and diameter with 2 decimals; tabs in `.tsv`, else commas.
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
  const lines = linesOf(textOf(bytes, file));
  const first = lines.findIndex((line) => line.trim() !== "");
  if (first < 0) return [];
  const separator = [..."\t;,"].find((character) => lines[first].includes(character)) ?? ",";
  const header = cellsOf(lines[first], separator);
  const place = columnPlaces(header, `${file}, line ${first + 1}`);
  const rows = lines.flatMap((content, index) => {
    if (index <= first) return [];
    const row = { line: index + 1, cells: cellsOf(content, separator) };
    if (row.cells.every((cell) => cell === "")) return [];
    checkCells(row, header.length, file);
    return row;
  });
  const micrographOf = ({ cells }: Row) => cells[place.micrograph];
  const hasNames = place.micrograph >= 0;
  return groupRows(rows, hasNames ? micrographOf : undefined, (row) => pickOf(row, place, file));
}

function cellsOf(line: string, separator: string): string[] {
  return line.split(separator).map((cell) => {
    const text = cell.trim();
    return text.startsWith('"') ? text.replace(/^"(.*)"$/, "$1").trim() : text;
  });
}

function columnPlaces(header: string[], where: string): Places {
  const names = header.map((name) => name.toLowerCase().replace(/[^a-z]/g, ""));
  const find = (column: Column) => {
    return names.findIndex((name) => COLUMNS[column].some((alias) => alias === name));
  };
  const place = {
    x: find("x"),
    y: find("y"),
    score: find("score"),
    diameter: find("diameter"),
    fiber: find("fiber"),
    classNumber: find("classNumber"),
    micrograph: find("micrograph"),
  };
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
  const pick: Pick = {
    x: parseNumber(text("x"), place, "x"),
    y: parseNumber(text("y"), place, "y"),
  };
  if (text("score")) pick.score = parseNumber(text("score"), place, "score");
  if (text("diameter")) pick.diameter = parsePositive(text("diameter"), place, "diameter");
  for (const column of ["fiber", "classNumber"] as const) {
    const ordinal = parseOrdinal(text(column) || "0", place, COLUMNS[column][0]);
    if (ordinal !== undefined) pick[column] = ordinal;
  }
  return pick;
}

function format(picks: readonly Pick[], { file }: FormatContext): string {
  const separator = /\.tsv$/i.test(file) ? "\t" : ",";
  const decimals = { score: 6, diameter: 2, fiber: 0, classNumber: 0 };
  const optional = (["score", "diameter", "fiber", "classNumber"] as const).filter((column) => {
    return picks.some((pick) => pick[column] !== undefined);
  });
  const header = ["x", "y", ...optional.map((column) => COLUMNS[column][0])];
  const lines = picks.map((pick) => [
    pick.x.toFixed(2),
    pick.y.toFixed(2),
    ...optional.map((column) => pick[column]?.toFixed(decimals[column]) ?? ""),
  ]);
  return [header, ...lines].map((cells) => cells.join(separator) + "\n").join("");
}
