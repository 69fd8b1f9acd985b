import { join } from "@std/path";
import { readFile, writeFileAtomic } from "../core/mod.ts";
import { formatCoordinateIndex, parseStarTables } from "../io/mod.ts";
import type { PickedFile } from "../picking/mod.ts";

/** The list of a folder's coordinate files, by which RELION finds them. */
export const INDEX_FILE = "autopick.star";

/** A micrograph by the name that RELION knows, and what was picked. */
export interface IndexedFile extends Pick<PickedFile, "name" | "picks"> {
  /** Its name in RELION. */
  micrograph: string;
}

/**
 * Writes the index of a folder of STAR files; micrographs without picks are left out.
 *
 * @param root What comes before the names in the index; by default the folder.
 */
export async function writeIndex(
  folder: string,
  files: readonly IndexedFile[],
  root = join(folder, "/"),
): Promise<void> {
  const entries = files.filter(({ picks = 0 }) => picks > 0).map(({ micrograph, name }) => {
    return { micrograph, coordinatesPath: `${root}${name}${ENDING}` };
  });
  await writeFileAtomic(join(folder, INDEX_FILE), formatCoordinateIndex(entries));
}

/**
 * Brings the index of a folder, where it has one, to what its micrographs have now, such as by
 * another threshold. Micrographs keep the names that they have in it; those it had left out are named
 * alike.
 *
 * @throws {EPickerError} `bad-file` for an index that is none, `write-failed`.
 */
export async function updateIndex(folder: string, files: readonly PickedFile[]): Promise<void> {
  const path = join(folder, INDEX_FILE);
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes === undefined) return;
  const rows = parseStarTables(new TextDecoder().decode(bytes), path)[0]?.rows ?? [];
  const [first] = rows;
  const owner = first && ownerOf(first[1], files);
  if (owner === undefined) return await writeIndex(folder, files.map(byPath));
  const root = first[1].slice(0, -(owner.name + ENDING).length);
  const project = owner.path.endsWith(first[0]) ? owner.path.slice(0, -first[0].length) : "";
  const named = new Map(rows.map(([micrograph, coordinates]) => [coordinates, micrograph]));
  const indexed = files.map(({ path, name, picks }) => {
    const inside = path.startsWith(project) ? path.slice(project.length) : path;
    return { micrograph: named.get(`${root}${name}${ENDING}`) ?? inside, name, picks };
  });
  await writeIndex(folder, indexed, root);
}

const ENDING = ".star";

/** A micrograph that RELION knows by its path. */
export function byPath({ path, name, picks }: PickedFile): IndexedFile {
  return { micrograph: path, name, picks };
}

/** The micrograph that a coordinate file is of: the one whose name is most of its path. */
function ownerOf(coordinates: string, files: readonly PickedFile[]): PickedFile | undefined {
  const owners = files.filter(({ name }) => `/${coordinates}`.endsWith(`/${name}${ENDING}`));
  return owners.sort((a, b) => b.name.length - a.name.length)[0];
}
