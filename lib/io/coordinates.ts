import { EPickerError, type Pick, readFile, writeFileAtomic } from "../core/mod.ts";
import type { CoordinateFormat, MicrographInfo } from "./coordinate_format.ts";
import { coordinateFileOf, coordinateFormats } from "./coordinate_formats.ts";

/** Options of {@linkcode readCoordinates}. */
export interface ReadCoordinatesOptions {
  /** Name of the format; by default the file's extension tells. */
  format?: string;
  /** Base name of the micrograph whose picks are wanted, in a file that names micrographs. */
  micrograph?: string;
}

/** Options of {@linkcode writeCoordinates}. */
export interface WriteCoordinatesOptions {
  /** Name of the format; by default the file's extension tells. */
  format?: string;
  /** Box size in micrograph pixels for `box`; by default each pick's diameter. */
  boxSize?: number;
  /** The micrograph; needed by `json`. */
  image?: MicrographInfo;
}

/**
 * Reads picks or labels: centres in micrograph pixels, whatever the format stores.
 *
 * An empty file holds no picks.
 *
 * @throws {EPickerError} `missing-file`; `bad-option` for an unknown format; `bad-file` with line
 * and finding for what does not parse, numbers that are not finite or beyond a million; `bad-data`
 * for a file about several micrographs of which none is named, or about another one.
 *
 * @example
 * ```ts
 * import { readCoordinates, writeCoordinates } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".star" });
 * const picks = [{ x: 10.25, y: 20.5, score: 0.75 }];
 * await writeCoordinates(path, picks);
 * assertEquals(await readCoordinates(path), picks);
 * await Deno.remove(path);
 * ```
 */
export async function readCoordinates(
  path: string,
  { format, micrograph }: ReadCoordinatesOptions = {},
): Promise<Pick[]> {
  const { parse } = formatOf(path, format);
  const text = new TextDecoder().decode(await readFile(path));
  return parse(text, { file: path, ...(micrograph !== undefined && { micrograph }) });
}

/**
 * Writes picks, given as centres in micrograph pixels, the way the format stores them.
 *
 * @throws {EPickerError} `bad-option` for an unknown format, a pick that is not finite or what the
 * format lacks (`box` a size, `json` the image); `write-failed`.
 */
export async function writeCoordinates(
  path: string,
  picks: readonly Pick[],
  { format, ...context }: WriteCoordinatesOptions = {},
): Promise<void> {
  const target = formatOf(path, format);
  for (const [index, pick] of picks.entries()) checkPick(pick, index, path);
  await writeFileAtomic(path, target.format(picks, { file: path, ...context }));
}

function formatOf(path: string, name?: string): CoordinateFormat {
  const format = name === undefined
    ? coordinateFileOf(path)?.format
    : coordinateFormats.find((format) => format.name === name);
  if (format) return format;
  throw new EPickerError("bad-option", {
    file: path,
    found: name === undefined ? "an unknown extension" : `the unknown format '${name}'`,
    expected: coordinateFormats.map(({ name, extensions }) => {
      return `${name} (${extensions.join(", ")})`;
    }).join(", "),
    remedy: "Rename the file or name its format.",
  });
}

function checkPick(pick: Pick, index: number, file: string): void {
  for (const key of ["x", "y", "score", "diameter", "fiber"] as const) {
    const value = pick[key];
    if (value === undefined || Math.abs(value) <= 1e6) continue;
    throw new EPickerError("bad-option", {
      file,
      found: `${key} = ${value} in pick ${index + 1}`,
      expected: "a number between -1000000 and 1000000",
    });
  }
}
