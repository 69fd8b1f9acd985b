import { basename } from "@std/path";
import { EPickerError } from "../core/mod.ts";
import { plainName } from "./_added_names.ts";
import type { PickGroup } from "./coordinate_format.ts";
import { namedMicrograph } from "./micrograph_formats.ts";

/**
 * The groups of one micrograph in a file that may name several.
 *
 * Without a wanted name all picks must be of one micrograph; with one, a file that is all about
 * another micrograph is an error, and a list of several may hold none of the wanted.
 */
export function selectMicrograph(
  groups: PickGroup[],
  { file, micrograph: wanted }: { file: string; micrograph?: string },
): PickGroup[] {
  const names = groups.flatMap(({ micrograph }) => micrograph ?? []);
  const isNamed = (name: string) => {
    return basename(name) === wanted || namedMicrograph(name) === wanted;
  };
  const isWanted = names.some(isNamed)
    ? isNamed
    : (name: string) => plainName(namedMicrograph(name)) === wanted;
  const isUnclear = wanted === undefined ? names.length > 1 : names.length === 1;
  if (!isUnclear || names.every(isWanted)) {
    return groups.filter(({ micrograph: name }) => {
      return wanted === undefined || name === undefined || isWanted(name);
    });
  }
  const shown = names.slice(0, 3).map(namedMicrograph).join(", ");
  throw new EPickerError("bad-data", {
    file,
    found: `picks of ${shown}${names.length > 3 ? ` and ${names.length - 3} more` : ""}`,
    expected: wanted === undefined ? "picks of one micrograph" : `picks of ${wanted}`,
    remedy: "Name one of the micrographs in the option 'micrograph'.",
  });
}
