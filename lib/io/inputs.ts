import { globToRegExp, isGlob, join, normalize, resolve } from "@std/path";
import * as z from "zod";
import { checkArgument, EPickerError, noun } from "../core/mod.ts";
import { type FolderEntry, foldersWithin, listFiles, listFolder } from "./_folders.ts";
import { uniqueNames } from "./_unique_names.ts";
import { hasMicrographName } from "./micrograph_formats.ts";

/** A micrograph to work on and the base name of what is written about it. */
export interface InputFile {
  /** Path as given or found. */
  path: string;
  /** Base name for outputs, unique within the inputs, whatever the letters' case. */
  name: string;
  /** Å per pixel, where whoever lists the files knows it better than they do. */
  pixelSizeA?: number;
}

/**
 * Finds the micrographs that a command's arguments mean, sorted and without repetitions.
 *
 * An input is a file (of any name), a folder (its micrographs, not those of folders within), or a
 * pattern with `*`, `?`, `[…]`, `{…}` or `**` (micrographs only). Hidden files are left out; a link
 * to nothing is a file that cannot be read.
 *
 * Output names are base names. Files that share one are told apart by their extension within a
 * folder (`a_mrc`, `a_png`) and by as many parent folders as it takes otherwise (`day1_a`,
 * `day2_a`).
 *
 * @throws {EPickerError} `bad-option` without inputs; `missing-file` for a path that is not there or
 * holds no micrographs.
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
export async function expandInputs(
  inputs: readonly string[],
  options: InputOptions = {},
): Promise<InputFile[]> {
  const absolute = [...await findFiles(inputs, MICROGRAPHS, options)].sort(byKey);
  const names = uniqueNames(absolute.map(([key]) => key));
  return absolute.map(([, path], i) => ({ path, name: names[i] }));
}

const MICROGRAPHS: FileKind = { accepts: hasMicrographName, title: "micrographs" };

function byKey([a]: [string, string], [b]: [string, string]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What {@linkcode expandInputs} may be told. */
export interface InputOptions {
  /** Receives sentences about what was left out: folders within folders. */
  onWarning?: (text: string) => void;
}

/** Files that a command looks for in folders and by patterns. */
export interface FileKind {
  /** Whether a file is of the kind, by its name. */
  accepts(path: string): boolean;
  /** What they are called in messages. */
  title: string;
}

/**
 * Paths that the inputs of a command mean, as given or found, by their absolute paths.
 *
 * @throws {EPickerError} As {@linkcode expandInputs}.
 */
export async function findFiles(
  inputs: readonly string[],
  kind: FileKind,
  { onWarning }: InputOptions = {},
): Promise<Map<string, string>> {
  checkArgument(inputs, z.array(noun.path, `a list of ${kind.title}`), "inputs");
  if (inputs.length === 0) {
    throw new EPickerError("bad-option", {
      found: "no inputs",
      expected: `${kind.title}, folders of them or patterns`,
    });
  }
  const paths = new Map<string, string>();
  for (const input of inputs) {
    for (const path of await expand(input, kind, onWarning)) {
      if (!paths.has(resolve(path))) paths.set(resolve(path), path);
    }
  }
  return paths;
}

async function expand(
  input: string,
  { accepts, title }: FileKind,
  onWarning?: InputOptions["onWarning"],
): Promise<string[]> {
  const stat = await Deno.stat(input).catch(() => undefined);
  if (stat && !stat.isDirectory) return [normalize(input)];
  const found = stat
    ? (await listFiles(input)).map((name) => join(input, name))
    : isGlob(input)
    ? await expandGlob(normalize(input))
    : [];
  const files = found.filter(accepts);
  const nested = stat ? await foldersWithin(input, accepts) : [];
  if (files.length > 0) {
    const leftOut = nested.filter((name) => name !== CANDIDATES);
    if (leftOut.length > 0) {
      onWarning?.(
        `${input}: left out ${title} in folders within it (${firstOf(leftOut)}); name them, or a ` +
          `pattern such as '${join(input, "**/*")}'.`,
      );
    }
    return files;
  }
  throw new EPickerError("missing-file", {
    file: input,
    found: nested.length > 0
      ? `only ${title} in folders within it (${firstOf(nested)})`
      : stat
      ? `a folder without ${title}`
      : "nothing of this name",
    expected: `${title}, a folder of them or a pattern that matches some`,
    remedy: nested.length > 0
      ? `Name them, or a pattern such as '${join(input, "**/*")}'.`
      : "Check the path.",
  });
}

/** The folder in which results of picking keep all candidates, beside what is meant. */
const CANDIDATES = "candidates";

function firstOf(names: string[]): string {
  return names.slice(0, 3).join(", ") + (names.length > 3 ? ", …" : "");
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
