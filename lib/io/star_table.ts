import { badFile } from "./_bad_file.ts";
import { linesOf } from "./_text.ts";

/** One table of a STAR file: a loop, or name–value pairs as a single row. */
export interface StarTable {
  /** Name of the `data_` block, e.g. `"particles"` or `""`. */
  name: string;
  /** Column names with their underscore, e.g. `"_rlnCoordinateX"`. */
  columns: string[];
  /** Rows of values without quotes, one value for each column. */
  rows: string[][];
  /** Line number of each row, from 1. */
  lines: number[];
}

/**
 * Reads the tables of a STAR file.
 *
 * Understands `data_` blocks, `loop_`, column numbers (`_rlnX #1`, ignored), comments, quoted
 * values, blank lines and both line ends; several loops in a block become several tables. Text
 * fields over several lines are not supported (RELION writes none).
 *
 * @throws {EPickerError} `bad-file` with the line number for a row that does not fit its columns.
 *
 * @example
 * ```ts
 * import { parseStarTables } from "@epicker/epicker/io";
 * import { assertEquals } from "@std/assert";
 *
 * const text = "data_optics\n_rlnVoltage 300\n\ndata_\nloop_\n_rlnCoordinateX #1\n 7.5\n";
 * const [optics, picks] = parseStarTables(text, "a.star");
 * assertEquals(optics.rows, [["300"]]);
 * assertEquals(picks.columns, ["_rlnCoordinateX"]);
 * ```
 */
export function parseStarTables(text: string, file: string): StarTable[] {
  const tables: StarTable[] = [];
  let block = "";
  let table: StarTable | undefined;
  let isLoop = false;
  for (const [index, content] of linesOf(text).entries()) {
    const line = index + 1;
    const { keyword, values } = splitLine(content, file, line);
    if (values.length === 0) continue;
    if (keyword.startsWith("data_")) {
      [block, table, isLoop] = [values[0].slice(5), undefined, false];
    } else if (keyword === "loop_") {
      table = { name: block, columns: [], rows: [], lines: [] };
      tables.push(table);
      isLoop = true;
    } else if (keyword.startsWith("_") && isLoop && table?.rows.length === 0) {
      table.columns.push(values[0]);
    } else if (keyword.startsWith("_")) {
      if (isLoop || !table) tables.push(table = { name: block, columns: [], rows: [], lines: [] });
      isLoop = false;
      addPair(table, values, file, line);
    } else {
      addRow(isLoop ? table : undefined, values, file, line);
    }
  }
  return tables;
}

/** What begins a word with a meaning of its own. */
const KEYWORD = /^(data_|loop_$|_)/i;

/** The values of a line; the keyword is the first one in lower case, "" where it is a plain value. */
function splitLine(
  content: string,
  file: string,
  line: number,
): { keyword: string; values: string[] } {
  let rest = content.trim(); // a byte order mark is a blank as well
  const isPlain = !/["'#]/.test(rest);
  const values = isPlain && rest !== "" ? rest.split(/\s+/) : [];
  const [first] = /^\S*/.exec(rest)!;
  const keyword = KEYWORD.test(first) ? first.toLowerCase() : "";
  while (!isPlain && rest !== "" && !rest.startsWith("#")) {
    const match = (QUOTED[rest[0]] ?? BARE).exec(rest);
    if (!match) {
      throw starError(file, line, "a quote that is not closed", "the same quote behind the value");
    }
    values.push(match[1]);
    rest = rest.slice(match[0].length);
  }
  return { keyword, values };
}

/** A value in quotes, up to a quote before a blank; and one without. */
const QUOTED: Record<string, RegExp> = {
  '"': /^"(.*?)"(?:\s+|$)/,
  "'": /^'(.*?)'(?:\s+|$)/,
};
const BARE = /^(\S+)\s*/;

function addPair(table: StarTable, values: string[], file: string, line: number): void {
  if (values.length !== 2) {
    throw starError(file, line, `${values.length - 1} values for ${values[0]}`, "one value");
  }
  table.columns.push(values[0]);
  if (table.rows.length === 0) {
    table.rows.push([]);
    table.lines.push(line);
  }
  table.rows[0].push(values[1]);
}

function addRow(table: StarTable | undefined, values: string[], file: string, line: number): void {
  if (!table) throw starError(file, line, "values outside a loop", "loop_ and column names before");
  if (values.length !== table.columns.length) {
    const expected = `${table.columns.length}, as many as column names`;
    throw starError(file, line, `${values.length} values`, expected);
  }
  table.rows.push(values);
  table.lines.push(line);
}

function starError(file: string, line: number, found: string, expected: string): Error {
  return badFile(`${file}, line ${line}`, found, expected, "Correct the line or export it again.");
}

/**
 * Writes one STAR loop in RELION's layout; values with blanks are quoted, columns are aligned.
 * STAR has no way to write a line break, or both kinds of quotes before blanks: they become `_`.
 *
 * @example
 * ```ts
 * import { formatStarTable } from "@epicker/epicker/io";
 * import { assertEquals } from "@std/assert";
 *
 * const text = formatStarTable("", ["_rlnCoordinateX"], [["7.50"], ["12.25"]]);
 * assertEquals(text, "\ndata_\n\nloop_\n_rlnCoordinateX #1\n 7.50\n12.25\n\n");
 * ```
 */
export function formatStarTable(
  name: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const quoted = rows.map((row) => row.map(quoteValue));
  const widths = columns.map((_, c) => quoted.reduce((w, row) => Math.max(w, row[c].length), 0));
  const lines = quoted.map((row) => row.map((value, c) => value.padStart(widths[c])).join(" "));
  const names = columns.map((column, c) => `${column} #${c + 1}`);
  return ["", `data_${name}`, "", "loop_", ...names, ...lines, "", ""].join("\n");
}

/** A value that a reader takes for one: quoted where it must be, line breaks and the like as `_`. */
function quoteValue(text: string): string {
  const value = text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, "_");
  const isPlain = /^[^\s"'#_][^\s]*$/.test(value) && !/^(data_|loop_)/i.test(value);
  if (isPlain) return value;
  if (!/"(\s|$)/.test(value)) return `"${value}"`;
  return `'${value.replaceAll("'", "_")}'`;
}
