import { basename } from "@std/path";
import { EPickerError } from "../core/mod.ts";
import type { ParseContext } from "./coordinate_format.ts";
import { micrographName } from "./micrograph_formats.ts";

/**
 * The rows of one micrograph in a file that names the micrograph of each row.
 *
 * Without a wanted name all rows must be of one micrograph; with one, a file that is all about
 * another micrograph is an error, and a list of several may hold none of the wanted.
 */
export function selectMicrograph<T>(
  rows: T[],
  nameOf: (row: T) => string,
  { file, micrograph }: ParseContext,
): T[] {
  const names = [...new Set(rows.map(nameOf))];
  const isWanted = (name: string) => {
    return basename(name) === micrograph || micrographName(name) === micrograph;
  };
  const isUnclear = micrograph === undefined ? names.length > 1 : names.length === 1;
  if (!isUnclear || names.every(isWanted)) {
    return micrograph === undefined ? rows : rows.filter((row) => isWanted(nameOf(row)));
  }
  const shown = names.slice(0, 3).map(micrographName).join(", ");
  throw new EPickerError("bad-data", {
    file,
    found: `picks of ${shown}${names.length > 3 ? ` and ${names.length - 3} more` : ""}`,
    expected: micrograph === undefined ? "picks of one micrograph" : `picks of ${micrograph}`,
    remedy: "Name one of the micrographs in the option 'micrograph'.",
  });
}
