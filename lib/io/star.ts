import type { Pick } from "../core/mod.ts";
import { badFile } from "./_bad_file.ts";
import { parseFiber, parseNumber } from "./_numbers.ts";
import { selectMicrograph } from "./_select_micrograph.ts";
import type { CoordinateFormat, ParseContext } from "./coordinate_format.ts";
import { formatStarTable, parseStarTables, type StarTable } from "./star_table.ts";

const X = "_rlnCoordinateX";
const Y = "_rlnCoordinateY";
const SCORE = "_rlnAutopickFigureOfMerit";
const FIBER = "_rlnHelicalTubeID";
const MICROGRAPH = "_rlnMicrographName";

/**
 * RELION's STAR: `_rlnCoordinateX/Y` (centres), `_rlnAutopickFigureOfMerit` as score,
 * `_rlnHelicalTubeID` as fiber.
 *
 * Reads per-micrograph files and, with the option `micrograph`, particle lists with an optics block
 * before. Writes coordinates with 2 decimals, class number and psi as -999 (unknown), and 0 for a
 * score or fiber that only some picks have. STAR has no column for a diameter: it is not written.
 */
export const starFormat: CoordinateFormat = { name: "star", extensions: [".star"], parse, format };

function parse(text: string, context: ParseContext): Pick[] {
  const tables = parseStarTables(text, context.file);
  const table = tables.find(({ columns }) => columns.includes(X) && columns.includes(Y));
  if (table) return selectRows(table, context).map((row) => pickOf(table, row, context.file));
  if (tables.every(({ columns }) => columns.length === 0)) return [];
  const found = `the columns ${tables.flatMap(({ columns }) => columns).slice(0, 8).join(", ")}`;
  throw badFile(context.file, found, `${X} and ${Y}`, "Give the coordinate file, not a file list.");
}

/** Numbers of the rows that belong to the wanted micrograph. */
function selectRows({ columns, rows }: StarTable, context: ParseContext): number[] {
  const all = rows.map((_, row) => row);
  const column = columns.indexOf(MICROGRAPH);
  return column < 0 ? all : selectMicrograph(all, (row) => rows[row][column], context);
}

function pickOf(table: StarTable, row: number, file: string): Pick {
  const values = table.rows[row];
  const line = table.lines[row];
  const number = (name: string) => {
    return parseNumber(values[table.columns.indexOf(name)], { file, line, what: name });
  };
  const pick: Pick = { x: number(X), y: number(Y) };
  if (table.columns.includes(SCORE)) pick.score = number(SCORE);
  const fiber = parseFiber(values[table.columns.indexOf(FIBER)] ?? "0", {
    file,
    line,
    what: FIBER,
  });
  if (fiber !== undefined) pick.fiber = fiber;
  return pick;
}

function format(picks: readonly Pick[]): string {
  const hasScores = picks.some(({ score }) => score !== undefined);
  const hasFibers = picks.some(({ fiber }) => fiber !== undefined);
  const columns = [X, Y, "_rlnClassNumber", "_rlnAnglePsi"];
  if (hasScores) columns.push(SCORE);
  if (hasFibers) columns.push(FIBER);
  const rows = picks.map(({ x, y, score, fiber }) => {
    const row = [x.toFixed(2), y.toFixed(2), "-999", "-999.00"];
    if (hasScores) row.push((score ?? 0).toFixed(6));
    if (hasFibers) row.push(String(fiber ?? 0));
    return row;
  });
  return formatStarTable("", columns, rows);
}
