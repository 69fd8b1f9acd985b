import { basename, dirname, join } from "@std/path";
import { micrographName } from "./micrograph_formats.ts";

/** Most parent folders in a name. */
const MAX_PARENTS = 8;

/**
 * A base name for each path, no two alike whatever the case of their letters, in the same order.
 *
 * Paths that share one are told apart by their extension within a folder (`a_mrc`, `a_png`), by as
 * many parent folders as it takes otherwise (`day1_a`, `day2_a`), or else by a number.
 *
 * @param nameOf The base name of a path.
 */
export function uniqueNames(
  paths: readonly string[],
  nameOf: (path: string) => string = micrographName,
): string[] {
  const bases = baseNames(paths, nameOf);
  const depths = paths.map(() => 0);
  const parents = paths.map((path) => {
    return dirname(path).split("/").filter((part) => part !== "" && part !== ".").slice(
      -MAX_PARENTS,
    );
  });
  const nameAt = (i: number) => {
    return [...parents[i].slice(parents[i].length - depths[i]), bases[i]].join("_");
  };
  for (;;) {
    const names = paths.map((_, i) => nameAt(i));
    const clashes = clashing(names).filter((i) => depths[i] < parents[i].length);
    if (clashes.length === 0) return numbered(names);
    for (const i of clashes) depths[i]++;
  }
}

/** Base names, with the extension joined on where a folder holds the same one twice. */
function baseNames(paths: readonly string[], nameOf: (path: string) => string): string[] {
  const names = paths.map(nameOf);
  const clashes = new Set(clashing(paths.map((path, i) => join(dirname(path), names[i]))));
  return names.map((name, i) => {
    const extension = basename(paths[i]).slice(name.length);
    return clashes.has(i) ? name + extension.replaceAll(".", "_") : name;
  });
}

/** Indices of the names that occur more than once. */
function clashing(names: string[]): number[] {
  const groups = Map.groupBy(names.keys(), (i) => keyOf(names[i]));
  return [...groups.values()].filter((group) => group.length > 1).flat();
}

/** The last resort for names that still clash (`a_b/c` and `a/b_c`): a number behind. */
export function numbered(names: string[]): string[] {
  const taken = new Set(names.map(keyOf));
  const seen = new Map<string, number>();
  return names.map((name) => {
    let unique = name;
    let n = seen.get(keyOf(name)) ?? 0;
    while (n > 0 && (unique === name || taken.has(keyOf(unique)))) unique = `${name}_${++n}`;
    seen.set(keyOf(name), Math.max(n, 1));
    taken.add(keyOf(unique));
    return unique;
  });
}

/** What is the same for names that a file system may not tell apart. */
function keyOf(name: string): string {
  return name.normalize("NFKC").toLowerCase();
}
