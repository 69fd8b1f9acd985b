import { basename, dirname, join, relative, resolve, SEPARATOR } from "@std/path";
import { readCandidates } from "./candidates.ts";
import { coordinateFileOf, coordinateFormats } from "./coordinate_formats.ts";
import { csvFormat } from "./csv.ts";

/** Folders of what picking and correcting keep beside the coordinates. */
const [CANDIDATES, EDITS] = ["candidates", "edits"];

/** Files that tell how a folder was picked. */
const ABOUT_ALL = ["summary.json", "summary.txt", "watch.json"];

/**
 * Coordinate files without the records that picking writes beside them, which are none or say the
 * same again: `summary.json`, `summary.txt` and `watch.json`, `candidates/` and `edits/` of a folder
 * whose coordinates are read as well, and the same picks in another format. What an input names
 * itself stays.
 *
 * @param found Paths as given or found.
 */
export async function withoutPickRecords(
  found: string[],
  inputs: readonly string[],
): Promise<string[]> {
  const named = new Set(inputs.map((input) => resolve(input)));
  const folders = new Set(found.map((path) => resolve(dirname(path))));
  const kept: string[] = [];
  for (const path of found) {
    const isRecord = isOfOne(path, folders) || await isOfAll(path);
    if (named.has(resolve(path)) || !isRecord) kept.push(path);
  }
  return await eachOnce(kept, named);
}

/** Whether a file lies, however deep, in a folder of records beside coordinates that are read. */
function isOfOne(path: string, folders: Set<string>): boolean {
  const parts = resolve(path).split(SEPARATOR);
  return path.endsWith(".json") && parts.slice(0, -1).some((part, i) => {
    return [CANDIDATES, EDITS].includes(part) && folders.has(parts.slice(0, i).join(SEPARATOR));
  });
}

/** Whether a file is about a batch, not coordinates of a micrograph called so. */
async function isOfAll(path: string): Promise<boolean> {
  if (!ABOUT_ALL.includes(basename(path))) return false;
  try {
    const summary = JSON.parse(await Deno.readTextFile(join(dirname(path), ABOUT_ALL[0])));
    const value = path.endsWith(".json") ? JSON.parse(await Deno.readTextFile(path)) : {};
    return Array.isArray(summary?.files) && !("candidates" in value);
  } catch {
    return false;
  }
}

/** One file of those in several formats that were picked together: CSV, which holds most, or the first. */
async function eachOnce(paths: string[], named: Set<string>): Promise<string[]> {
  const groups = Map.groupBy(paths, (path) => {
    return join(dirname(path), coordinateFileOf(path)?.name ?? basename(path));
  });
  const left = new Set<string>();
  for (const group of groups.values()) {
    if (group.length === 1 || await recordPathOf(group[0]) === undefined) continue;
    const [_, ...others] = group.toSorted((a, b) => rankOf(a) - rankOf(b));
    for (const path of others) if (!named.has(resolve(path))) left.add(path);
  }
  return paths.filter((path) => !left.has(path));
}

function rankOf(path: string): number {
  return [csvFormat, ...coordinateFormats].indexOf(coordinateFileOf(path)!.format);
}

/** What picking has recorded of the micrograph of a coordinate file; nothing where it was not picked. */
export async function pickRecordOf(path: string): Promise<
  { width: number; height: number; pixelSizeA?: number; boxSize?: number } | undefined
> {
  const record = await recordPathOf(path);
  if (record === undefined) return undefined;
  const file = await readCandidates(record).catch(() => undefined);
  if (file === undefined) return undefined;
  const { width, height, pixelSizeA, mode, candidates: [first] } = file;
  const boxSize = mode === "vesicle" ? undefined : first?.diameter; // vesicles differ
  return { width, height, pixelSizeA, boxSize };
}

/** The record beside a coordinate file, or in the same place below a folder above it. */
async function recordPathOf(path: string): Promise<string | undefined> {
  const name = coordinateFileOf(path)?.name;
  if (name === undefined) return undefined;
  const from = resolve(dirname(path));
  for (let folder = from;; folder = dirname(folder)) {
    const record = join(folder, CANDIDATES, relative(folder, from), `${name}.json`);
    if (await Deno.stat(record).then(({ isFile }) => isFile, () => false)) return record;
    if (dirname(folder) === folder) return undefined;
  }
}
