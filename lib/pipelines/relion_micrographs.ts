import { isAbsolute, join, normalize } from "@std/path";
import { EPickerError, readFile } from "../core/mod.ts";
import { type InputFile, micrographName, parseStarTables, type StarTable } from "../io/mod.ts";

/** A micrograph of a STAR file. */
export interface ListedMicrograph extends InputFile {
  /** Its name in the STAR file, a path from the project's folder. */
  micrograph: string;
}

const [NAME, GROUP, SIZE] = [
  "_rlnMicrographName",
  "_rlnOpticsGroup",
  "_rlnMicrographPixelSize",
];

/**
 * Reads a list of micrographs, with the pixel sizes of their optics groups.
 *
 * The name of a micrograph's results is its path without the job that made it and without its
 * ending: `MotionCorr/job002/Movies/a.mrc` gives `Movies/a`. A micrograph that is listed twice is
 * taken once.
 *
 * @param path The STAR file, from the project's folder.
 * @param project Folder of the project.
 * @param onWarning Told of micrographs that are listed twice.
 * @throws {EPickerError} `missing-file`; `bad-file` for what lists no micrographs, or two of one name.
 */
export async function readMicrographList(
  path: string,
  project: string,
  onWarning?: (text: string) => void,
): Promise<ListedMicrograph[]> {
  const file = isAbsolute(path) ? path : join(project, path);
  const tables = parseStarTables(new TextDecoder().decode(await readFile(file)), file);
  const table = tables.find(({ columns, name }) => columns.includes(NAME) && name !== "optics");
  if (table === undefined || table.rows.length === 0) throw noMicrographs(file, tables);
  const pixelSizeOf = pixelSizes(table, tables);
  const at = table.columns.indexOf(NAME);
  const listed = new Map<string, ListedMicrograph>();
  const owners = new Map<string, string>();
  const again = new Set<string>();
  for (const row of table.rows) {
    const micrograph = row[at];
    const name = resultName(micrograph);
    const owner = owners.get(name.toLowerCase()) ?? micrograph;
    if (owner !== micrograph) throw sameName(file, owner, micrograph);
    owners.set(name.toLowerCase(), micrograph);
    if (listed.has(micrograph)) again.add(micrograph);
    const place = isAbsolute(micrograph) ? micrograph : join(project, micrograph);
    listed.set(micrograph, { micrograph, path: place, name, pixelSizeA: pixelSizeOf(row) });
  }
  if (again.size > 0) {
    const [first] = again;
    const more = again.size > 1 ? ` and ${again.size - 1} more` : "";
    onWarning?.(`${file} lists ${first}${more} twice or more; each is picked once.`);
  }
  return [...listed.values()];
}

/** A micrograph's path below the job that made it, without ending; always below the folder it is put in. */
export function resultName(micrograph: string): string {
  const path = normalize(micrograph).replace(/^\/+/, "");
  const own = path.replace(/^[^/]+\/job\d{3,}\//, "");
  const inside = own.split("/").filter((part) => part !== ".." && part !== ".");
  return [...inside.slice(0, -1), micrographName(inside.at(-1) ?? "")].join("/");
}

/** The Å per pixel of a row: of its own, of its optics group, or by the magnification (RELION 3.0). */
function pixelSizes(
  { columns }: StarTable,
  tables: readonly StarTable[],
): (row: readonly string[]) => number | undefined {
  const cell = (row: readonly string[], name: string) => row[columns.indexOf(name)];
  const optics = tables.find(({ name, columns }) => name === "optics" && columns.includes(SIZE));
  const groups = new Map(
    optics?.rows.map((row) => {
      return [row[optics.columns.indexOf(GROUP)], row[optics.columns.indexOf(SIZE)]];
    }),
  );
  return (row) => {
    const magnified = 1e4 * Number(cell(row, "_rlnDetectorPixelSize")) /
      Number(cell(row, "_rlnMagnification"));
    const size = Number(cell(row, SIZE) ?? groups.get(cell(row, GROUP)) ?? magnified);
    return size > 0 && size < Infinity ? size : undefined;
  };
}

function noMicrographs(file: string, tables: readonly StarTable[]): EPickerError {
  const columns = tables.flatMap(({ columns }) => columns);
  const isMovies = columns.includes("_rlnMicrographMovieName");
  return new EPickerError("bad-file", {
    file,
    found: isMovies ? "a list of movies" : columns.includes(NAME) ? "no micrograph" : `no ${NAME}`,
    expected: "a list of micrographs, such as CtfFind/job003/micrographs_ctf.star",
    remedy: isMovies ? "Give the output of motion correction or CTF estimation." : undefined,
  });
}

/** The error where the results of two micrographs would have one name. */
export function sameName(file: string, a: string, b: string): EPickerError {
  return new EPickerError("bad-file", {
    file,
    found: `${a} and ${b}, whose picks would have one name`,
    expected: "micrographs of different names below their jobs",
    remedy: "Pick them in two jobs.",
  });
}
