import type { Pick } from "../core/mod.ts";
import type { PickGroup } from "./coordinate_format.ts";

/** The text of a file without a byte order mark; bytes that are no UTF-8 become U+FFFD. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** The lines of a text, whatever their ends, with their numbers from 1. */
export function linesOf(text: string): { line: number; content: string }[] {
  return text.split(/\r\n|\r|\n/).map((content, index) => ({ line: index + 1, content }));
}

/** The group of a file that names no micrograph; none where it holds no picks. */
export function oneGroup(picks: Pick[]): PickGroup[] {
  return picks.length === 0 ? [] : [{ picks }];
}

/** One group for each micrograph of a table's rows, in the order in which they come. */
export function groupRows<Row>(
  rows: readonly Row[],
  micrographOf: ((row: Row) => string) | undefined,
  pickOf: (row: Row) => Pick,
): PickGroup[] {
  if (!micrographOf) return oneGroup(rows.map(pickOf));
  return [...Map.groupBy(rows, micrographOf)].map(([micrograph, rows]) => {
    return { micrograph, picks: rows.map(pickOf) };
  });
}
