import { basename, dirname, join, resolve } from "@std/path";

/**
 * Coordinate files without the records that picking writes beside them, which are none or say the
 * same again: `summary.json`, and `candidates/` of a folder whose coordinates are read as well. What
 * an input names itself stays.
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
    const isRecord = isCandidates(path, folders) || await isSummary(path);
    if (named.has(resolve(path)) || !isRecord) kept.push(path);
  }
  return kept;
}

function isCandidates(path: string, folders: Set<string>): boolean {
  const folder = resolve(dirname(path));
  return basename(folder) === "candidates" && path.endsWith(".json") &&
    folders.has(join(folder, ".."));
}

/** Whether a file is the summary of a batch, not coordinates of a micrograph called so. */
async function isSummary(path: string): Promise<boolean> {
  if (basename(path) !== "summary.json") return false;
  try {
    const value = JSON.parse(await Deno.readTextFile(path));
    return Array.isArray(value?.files) && !("candidates" in value);
  } catch {
    return false;
  }
}
