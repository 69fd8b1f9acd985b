/** A column of {@linkcode formatTable}. */
export interface TableColumn<Row> {
  /** The field of the rows. */
  key: keyof Row & string;
  /** Heading; the key by default. */
  title?: string;
  /** Decimals of the numbers; by default 0 where all are whole, else {@linkcode TABLE_DIGITS}. */
  digits?: number;
  /** Where its cells stand; by default numbers at the right, texts at the left. */
  align?: "left" | "right";
}

/** Decimals of a table's numbers. */
export const TABLE_DIGITS = 3;

/** What stands for a missing value or NaN. */
const NOTHING = "–";

/**
 * Formats rows as a GitHub-flavoured Markdown table whose columns are aligned in a terminal, too.
 *
 * Numbers have three decimals (none in a column of whole numbers) and stand at the right; missing
 * values and NaN are a dash.
 *
 * @param columns Fields to show, in order; a name alone takes the defaults.
 * @returns Lines joined by line feeds, without one at the end.
 *
 * @example
 * ```ts
 * import { formatTable } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * const rows = [{ name: "a", truth: 120, ap: 0.91234 }, { name: "bc", truth: 7, ap: NaN }];
 * assertEquals(
 *   formatTable(rows, ["name", { key: "truth", title: "particles" }, "ap"]),
 *   [
 *     "| name | particles |    ap |",
 *     "| :--- | --------: | ----: |",
 *     "| a    |       120 | 0.912 |",
 *     "| bc   |         7 |     – |",
 *   ].join("\n"),
 * );
 * ```
 */
export function formatTable<Row extends object>(
  rows: readonly Row[],
  columns: readonly ((keyof Row & string) | TableColumn<Row>)[],
): string {
  const formatted = columns.map((column) =>
    formatColumn(rows, typeof column === "string" ? { key: column } : column)
  );
  return Array.from(
    { length: rows.length + 2 },
    (_, line) => `| ${formatted.map((cells) => cells[line]).join(" | ")} |`,
  ).join("\n");
}

/** Heading, rule and cells of a column, all of one width. */
function formatColumn<Row>(
  rows: readonly Row[],
  { key, title = key, digits, align }: TableColumn<Row>,
): string[] {
  const values = rows.map((row) => row[key]);
  const numbers = values.filter((value) => typeof value === "number");
  const whole = numbers.every((value) => Number.isInteger(value) || Number.isNaN(value));
  const decimals = digits ?? (whole ? 0 : TABLE_DIGITS);
  const texts = [title, ...values.map((value) => formatCell(value, decimals))];
  const width = texts.reduce((most, { length }) => Math.max(most, length), 4);
  const right = (align ?? (numbers.length > 0 ? "right" : "left")) === "right";
  const [heading, ...cells] = texts.map((text) =>
    right ? text.padStart(width) : text.padEnd(width)
  );
  const rule = "-".repeat(width - 1);
  return [heading, right ? `${rule}:` : `:${rule}`, ...cells];
}

function formatCell(value: unknown, decimals: number): string {
  if (value === undefined || value === null || Number.isNaN(value)) return NOTHING;
  if (typeof value === "number") return value.toFixed(decimals);
  return String(value).replaceAll("|", "\\|").replaceAll(/\s+/g, " ");
}
