import { globToRegExp, isGlob, join, normalize, resolve } from "@std/path";
import { EPickerError } from "../core/mod.ts";
import { type FolderEntry, listFiles, listFolder } from "./_folders.ts";
import { uniqueNames } from "./_unique_names.ts";
import { hasMicrographName } from "./micrograph_formats.ts";

/** A micrograph to work on and the base name of what is written about it. */
export interface InputFile {
  /** Path as given or found. */
  path: string;
  /** Base name for outputs, unique within the inputs, whatever the letters' case. */
  name: string;
}

/**
 * Finds the micrographs that a command's arguments mean, sorted and without repetitions.
 *
 * An input is a file (of any name), a folder (its micrographs, not those of folders within), or a
 * pattern with `*`, `?`, `[…]`, `{…}` or `**` (micrographs only). Hidden files are left out.
 *
 * Output names are base names. Files that share one are told apart by their extension within a
 * folder (`a_mrc`, `a_png`) and by as many parent folders as it takes otherwise (`day1_a`,
 * `day2_a`).
 *
 * @throws {EPickerError} `missing-file` for a path that is not there or holds no micrographs.
 *
 * @example
 * ```ts
 * import { expandInputs } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * for (const name of ["a.mrc", "b.png"]) await Deno.writeTextFile(`${folder}/${name}`, "");
 * const inputs = await expandInputs([`${folder}/*.mrc`, folder]);
 * assertEquals(inputs.map(({ name }) => name), ["a", "b"]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function expandInputs(inputs: readonly string[]): Promise<InputFile[]> {
  const absolute = [...await findFiles(inputs, MICROGRAPHS)].sort(byKey);
  const names = uniqueNames(absolute.map(([key]) => key));
  return absolute.map(([, path], i) => ({ path, name: names[i] }));
}

const MICROGRAPHS: FileKind = { accepts: hasMicrographName, title: "micrographs" };

function byKey([a]: [string, string], [b]: [string, string]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Files that a command looks for in folders and by patterns. */
export interface FileKind {
  /** Whether a file is of the kind, by its name. */
  accepts(path: string): boolean;
  /** What they are called in messages. */
  title: string;
}

/** Paths that the inputs of a command mean, as given or found, by their absolute paths. */
export async function findFiles(
  inputs: readonly string[],
  kind: FileKind,
): Promise<Map<string, string>> {
  const paths = new Map<string, string>();
  for (const input of inputs) {
    for (const path of await expand(input, kind)) {
      if (!paths.has(resolve(path))) paths.set(resolve(path), path);
    }
  }
  return paths;
}

async function expand(input: string, { accepts, title }: FileKind): Promise<string[]> {
  const stat = await Deno.stat(input).catch(() => undefined);
  if (stat && !stat.isDirectory) return [normalize(input)];
  const found = stat
    ? (await listFiles(input)).map((name) => join(input, name))
    : isGlob(input)
    ? await expandGlob(normalize(input))
    : [];
  const files = found.filter(accepts);
  if (files.length > 0) return files;
  throw new EPickerError("missing-file", {
    file: input,
    found: stat ? `a folder without ${title}` : "nothing of this name",
    expected: `${title}, a folder of them or a pattern that matches some`,
    remedy: "Check the path.",
  });
}

/** Files that a pattern matches; `**` does not follow links to folders, so it always ends. */
async function expandGlob(glob: string): Promise<string[]> {
  const parts = glob.split("/");
  const fixed = parts.findIndex((part) => /[*?!+@({[]/.test(part));
  const root = parts.slice(0, fixed).join("/") || (glob.startsWith("/") ? "/" : ".");
  const isDeep = parts.some((part) => part.includes("**"));
  const depth = isDeep ? Infinity : parts.length - fixed;
  const pattern = globToRegExp(glob);
  const isOpen = (entry: FolderEntry) => entry.isFolder && !(isDeep && entry.isLink);
  const found: string[] = [];
  async function walk(folder: string, level: number): Promise<void> {
    for (const entry of await listFolder(folder)) {
      const path = join(folder, entry.name);
      if (isOpen(entry) && level < depth) await walk(path, level + 1);
      else if (!entry.isFolder && pattern.test(path)) found.push(path);
    }
  }
  if (await Deno.stat(root).catch(() => undefined)) await walk(root, 1);
  return found;
}
