import { badFile } from "./_bad_file.ts";

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
 * import { parseStarTables } from "@epicker/epicker";
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
  for (const [index, content] of text.split(/\r\n|\r|\n/).entries()) {
    const line = index + 1;
    const { first, values } = splitLine(content, file, line);
    if (first === undefined) continue;
    const word = first.toLowerCase();
    if (word.startsWith("data_")) {
      [block, table, isLoop] = [first.slice(5), undefined, false];
    } else if (word === "loop_") {
      table = { name: block, columns: [], rows: [], lines: [] };
      tables.push(table);
      isLoop = true;
    } else if (first.startsWith("_") && isLoop && table?.rows.length === 0) {
      table.columns.push(first);
    } else if (first.startsWith("_")) {
      if (isLoop || !table) tables.push(table = { name: block, columns: [], rows: [], lines: [] });
      isLoop = false;
      addPair(table, values, file, line);
    } else {
      addRow(isLoop ? table : undefined, values, file, line);
    }
  }
  return tables;
}

/** The values of a line; `first` is absent for blank lines and holds "" before a quoted value. */
function splitLine(
  content: string,
  file: string,
  line: number,
): { first: string | undefined; values: string[] } {
  const values: string[] = [];
  let first: string | undefined;
  let rest = content.replace(/^\uFEFF/, "").trim();
  while (rest !== "" && !rest.startsWith("#")) {
    const quote = /^["']/.exec(rest)?.[0];
    const match = quote === undefined
      ? /^(\S+)\s*/.exec(rest)
      : new RegExp(`^${quote}(.*?)${quote}(?:\\s+|$)`).exec(rest);
    if (!match) {
      throw starError(file, line, "a quote that is not closed", "the same quote behind the value");
    }
    first ??= quote === undefined ? match[1] : "";
    values.push(match[1]);
    rest = rest.slice(match[0].length);
  }
  return { first, values };
}

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
 *
 * @example
 * ```ts
 * import { formatStarTable } from "@epicker/epicker";
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

function quoteValue(value: string): string {
  const isPlain = /^[^\s"'#_][^\s]*$/.test(value) && !/^(data_|loop_)/i.test(value);
  if (isPlain) return value;
  return value.includes('"') ? `'${value}'` : `"${value}"`;
}
