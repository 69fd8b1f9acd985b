import type { Pick } from "../core/mod.ts";
import { badFile, excerpt } from "./_bad_file.ts";
import { badLine, parseFiber, parseNumber, parsePositive } from "./_numbers.ts";
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
  micrograph: ["imagename", "imagefilename", "micrograph", "micrographname"],
} as const;

type Column = keyof typeof COLUMNS;

/** Index of each column; -1 for those that are absent. */
type Places = Record<Column, number>;

/**
 * A table with a header line, centres in micrograph pixels; commas, semicolons or tabs between
 * cells.
 *
 * Reads the names of this project (`x,y,score,diameter,fiber`), of CryoPPP (`X-Coordinate`, …) and
 * of Topaz (`image_name`, `x_coord`, …; unscaled), in any case and order; other columns are left
 * out. Writes the columns that occur, x, y and diameter with 2 decimals; tabs in `.tsv`,
 * else commas.
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
  const lines = linesOf(textOf(bytes));
  const first = lines.find(({ content }) => content.trim() !== "");
  if (first === undefined) return [];
  const separator = [..."\t;,"].find((character) => first.content.includes(character)) ?? ",";
  const rows = lines
    .map(({ line, content }) => ({ line, cells: cellsOf(content, separator) }))
    .filter(({ line, cells }) => line > first.line && cells.some((cell) => cell !== ""));
  const header = cellsOf(first.content, separator);
  const place = columnPlaces(header, `${file}, line ${first.line}`);
  for (const row of rows) checkCells(row, header.length, file);
  const micrographOf = ({ cells }: Row) => cells[place.micrograph];
  const hasNames = place.micrograph >= 0;
  return groupRows(rows, hasNames ? micrographOf : undefined, (row) => pickOf(row, place, file));
}

function cellsOf(line: string, separator: string): string[] {
  return line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, "$1").trim());
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
  throw badLine(
    { file, line, what: "a row" },
    `${cells.length} cells`,
    `${count}, as in the header`,
  );
}

function pickOf({ cells, line }: Row, place: Places, file: string): Pick {
  const at = (what: Column) => ({ file, line, what });
  const text = (column: Column) => cells[place[column]] ?? "";
  const pick: Pick = { x: parseNumber(text("x"), at("x")), y: parseNumber(text("y"), at("y")) };
  if (text("score")) pick.score = parseNumber(text("score"), at("score"));
  if (text("diameter")) pick.diameter = parsePositive(text("diameter"), at("diameter"));
  const fiber = parseFiber(text("fiber") || "0", at("fiber"));
  if (fiber !== undefined) pick.fiber = fiber;
  return pick;
}

function format(picks: readonly Pick[], { file }: FormatContext): string {
  const separator = /\.tsv$/i.test(file) ? "\t" : ",";
  const optional = (["score", "diameter", "fiber"] as const).filter((column) => {
    return picks.some((pick) => pick[column] !== undefined);
  });
  const decimals = { score: 6, diameter: 2, fiber: 0 };
  const lines = picks.map((pick) => [
    pick.x.toFixed(2),
    pick.y.toFixed(2),
    ...optional.map((column) => pick[column]?.toFixed(decimals[column]) ?? ""),
  ]);
  return [["x", "y", ...optional], ...lines].map((cells) => cells.join(separator) + "\n").join("");
}
