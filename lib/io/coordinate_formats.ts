import { basename } from "@std/path";
import { boxFormat } from "./box.ts";
import { jsonFormat } from "./candidates.ts";
import type { CoordinateFormat } from "./coordinate_format.ts";
import { csvFormat } from "./csv.ts";
import { starFormat } from "./star.ts";

/**
 * The coordinate formats, in the order in which they are preferred.
 *
 * A new format is one file that exports a {@linkcode CoordinateFormat} and one line here.
 */
export const coordinateFormats: readonly CoordinateFormat[] = [
  starFormat,
  boxFormat,
  csvFormat,
  jsonFormat,
];

/** The format and base name of a coordinate file by its name; nothing for other files. */
export function coordinateFileOf(
  path: string,
): { name: string; format: CoordinateFormat } | undefined {
  const file = basename(path);
  for (const format of coordinateFormats) {
    const extension = format.extensions.find((end) => file.toLowerCase().endsWith(end));
    if (extension && file.length > extension.length) {
      return { name: file.slice(0, -extension.length), format };
    }
  }
}
