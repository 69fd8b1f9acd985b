import { join } from "@std/path";
import { EPickerError, messageOfError } from "../core/mod.ts";

/**
 * What a folder holds: visible entries, sorted by name, symbolic links followed. A link to nothing
 * counts as a file, so that whoever reads it says that it is not there.
 */
export interface FolderEntry {
  /** Name within the folder. */
  name: string;
  /** Whether it is a folder or a link to one. */
  isFolder: boolean;
  /** Whether it is a symbolic link. */
  isLink: boolean;
}

/** Lists a folder; throws `missing-file` where it is not there or not readable. */
export async function listFolder(folder: string): Promise<FolderEntry[]> {
  const entries: FolderEntry[] = [];
  try {
    for await (const { name, isDirectory, isSymlink } of Deno.readDir(folder)) {
      if (name.startsWith(".")) continue;
      const target = isSymlink ? await Deno.stat(join(folder, name)).catch(() => null) : undefined;
      entries.push({ name, isFolder: target?.isDirectory ?? isDirectory, isLink: isSymlink });
    }
  } catch (error) {
    throw new EPickerError("missing-file", {
      file: folder,
      found: `that the folder cannot be read (${messageOfError(error)})`,
      expected: "a readable folder",
      remedy: "Check the path and the permissions.",
    }, { cause: error });
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Names of the visible files of a folder, sorted. */
export async function listFiles(folder: string): Promise<string[]> {
  return (await listFolder(folder)).filter(({ isFolder }) => !isFolder).map(({ name }) => name);
}

/** Names of the folders (and links to folders) within a folder that hold files of a kind, however deep. */
export async function foldersWithin(
  folder: string,
  accepts: (name: string) => boolean,
): Promise<string[]> {
  const holding: string[] = [];
  for (const { name, isFolder } of await listFolder(folder)) {
    if (isFolder && await holds(join(folder, name), accepts)) holding.push(name);
  }
  return holding;
}

async function holds(folder: string, accepts: (name: string) => boolean): Promise<boolean> {
  const entries = await listFolder(folder).catch(() => []); // one that is not ours to read
  if (entries.some(({ name, isFolder }) => !isFolder && accepts(name))) return true;
  for (const { name, isFolder, isLink } of entries) {
    if (isFolder && !isLink && await holds(join(folder, name), accepts)) return true;
  }
  return false;
}
