import { parseNumber, type TextPlace } from "./_numbers.ts";
import type { StarTable } from "./star_table.ts";

/** The values of a STAR table by row and column name. */
export interface TableCells {
  /** Whether the table has a column. */
  has(column: string): boolean;
  /** The text of a value; absent without the column. */
  text(row: number, column: string): string | undefined;
  /** A value as a number; throws `bad-file` where it is none. */
  number(row: number, column: string): number;
  /** Where a row stands, for messages. */
  place(row: number): TextPlace;
}

/** Looks up the columns of a table once; of two columns with one name the first counts. */
export function cellsOf({ columns, rows, lines }: StarTable, file: string): TableCells {
  const places = new Map(columns.map((column, i) => [column, i] as const).reverse());
  const text = (row: number, column: string): string | undefined => rows[row][places.get(column)!];
  const place = (row: number) => ({ file, line: lines[row] });
  return {
    has: (column) => places.has(column),
    text,
    number: (row, column) => parseNumber(text(row, column) ?? "", place(row), column),
    place,
  };
}
