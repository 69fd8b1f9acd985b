import { TABLE_DIGITS, type TableColumn } from "../evaluation/mod.ts";
import { escapeHtml } from "./escape.ts";

/** Rows and columns, as `formatTable` takes them. */
export interface PageTable<Row extends object> {
  /** One object per line. */
  rows: readonly Row[];
  /** Fields to show, in order. */
  columns: readonly ((keyof Row & string) | TableColumn<Row>)[];
}

/** A table as HTML, with the same numbers and dashes as `formatTable` prints. */
export function htmlTable<Row extends object>({ rows, columns }: PageTable<Row>): string {
  const rendered = columns.map((column) =>
    columnCells(rows, typeof column === "string" ? { key: column } : column)
  );
  const line = (index: number) => `<tr>${rendered.map((cells) => cells[index]).join("")}</tr>`;
  const body = rows.map((_, index) => line(index + 1)).join("\n");
  return `<table><thead>${line(0)}</thead><tbody>\n${body}\n</tbody></table>`;
}

/** Heading and cells of a column. */
function columnCells<Row>(
  rows: readonly Row[],
  { key, title = key, digits }: TableColumn<Row>,
): string[] {
  const values = rows.map((row) => row[key]);
  const numbers = values.filter((value) => typeof value === "number");
  const whole = numbers.every((value) => Number.isInteger(value) || Number.isNaN(value));
  const decimals = digits ?? (whole ? 0 : TABLE_DIGITS);
  const kind = numbers.length > 0 ? ' class="number"' : "";
  return [
    `<th scope="col"${kind}>${escapeHtml(title)}</th>`,
    ...values.map((value) => `<td${kind}>${escapeHtml(cellText(value, decimals))}</td>`),
  ];
}

function cellText(value: unknown, decimals: number): string {
  if (value === undefined || value === null || Number.isNaN(value)) return "–";
  return typeof value === "number" ? value.toFixed(decimals) : String(value);
}
