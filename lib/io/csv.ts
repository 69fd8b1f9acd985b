import type { Pick } from "../core/mod.ts";
import { badFile, excerpt } from "./_bad_file.ts";
import { badLine, parseFiber, parseNumber, parsePositive } from "./_numbers.ts";
import { selectMicrograph } from "./_select_micrograph.ts";
import type { CoordinateFormat, FormatContext, ParseContext } from "./coordinate_format.ts";

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
 * out. Writes the columns that occur, x, y and diameter with 2 decimals; tabs in `.tsv`
 * and `.txt`, else commas.
 */
export const csvFormat: CoordinateFormat = {
  name: "csv",
  extensions: [".csv", ".tsv", ".txt"],
  parse,
  format,
};

interface Row {
  line: number;
  cells: string[];
}

function parse(text: string, context: ParseContext): Pick[] {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  const first = lines.findIndex((line) => line.trim() !== "");
  if (first < 0) return [];
  const separator = [..."\t;,"].find((character) => lines[first].includes(character)) ?? ",";
  const rows = lines
    .map((content, index) => ({ line: index + 1, cells: cellsOf(content, separator) }))
    .filter(({ line, cells }) => line > first + 1 && cells.some((cell) => cell !== ""));
  const header = cellsOf(lines[first], separator);
  const place = columnPlaces(header, `${context.file}, line ${first + 1}`);
  for (const row of rows) checkCells(row, header.length, context.file);
  return selectRows(rows, place, context).map((row) => pickOf(row, place, context.file));
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

function selectRows(rows: Row[], place: Places, context: ParseContext): Row[] {
  if (place.micrograph < 0) return rows;
  return selectMicrograph(rows, ({ cells }) => cells[place.micrograph], context);
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
  const separator = /\.(tsv|txt)$/i.test(file) ? "\t" : ",";
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
