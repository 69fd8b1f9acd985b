/**
 * The coordinate formats and their conventions.
 *
 * Within this project a pick is a centre in pixels of the micrograph file; x is the column, y the
 * row, (0, 0) the centre of the first stored pixel (of TIFF: of the last stored row). The readers and writers turn everything else
 * into that:
 *
 * | name | file | stored point | origin of y | unit | score | diameter | class | fiber | several micrographs |
 * |---|---|---|---|---|---|---|---|---|---|
 * | `star` | RELION `.star` | centre | first row | pixel | figure of merit | – | class number | tube ID, with priors (pixel size needed) | read and written; index read and written |
 * | `star-ends` | RELION start–end `.star` | centre | first row | pixel | read | – | class number | two rows each | read |
 * | `box` | EMAN `.box` | corner and size; of `#helix:` segments centre | first row | whole pixel | fifth column | side | – | helices read | – |
 * | `cbox` | crYOLO `.cbox` | corner and size | first row | pixel | confidence | estimated size, else side | – | filament number | – |
 * | `csv` | `.csv`, `.tsv`; also napari's points | centre | first row | pixel | yes | yes | yes | yes | read |
 * | `topaz` | Topaz `.txt` | centre | first row | pixel of the image that Topaz saw | log-odds | – | – | – | read and written |
 * | `cs` | cryoSPARC `.cs` | centre | **last row** | fraction of width and height | NCC score | – | class from 0 of 2D, 3D or template | filament | read and written |
 * | `thi` | EPicker `.thi` | centre | first row | pixel | value | radius of vesicles | – | group of helices | index read |
 * | `coord` | EPicker `.coord` | centre | first row | pixel | fourth column | radius | – | – | – |
 * | `json` | candidates; also EMAN2's `info/*_info.json` | centre | first row | pixel | yes | yes | yes | yes | – |
 *
 * "First row" is the first row stored in the file, wherever a program displays it; of a TIFF it is the
 * last one, as RELION, IMOD and EMAN2 have it.
 *
 * @module
 */
import { basename } from "@std/path";
import { NAME_SUFFIXES } from "./_added_names.ts";
import { boxFormat } from "./box.ts";
import { jsonFormat } from "./candidates.ts";
import { cboxFormat } from "./cbox.ts";
import { coordFormat } from "./coord.ts";
import type { CoordinateFormat } from "./coordinate_format.ts";
import { cryosparcFormat } from "./cryosparc.ts";
import { csvFormat } from "./csv.ts";
import { starEndsFormat, starFormat } from "./star.ts";
import { thiFormat } from "./thi.ts";
import { topazFormat } from "./topaz.ts";

/**
 * The coordinate formats, in the order in which they are preferred; where two share an extension,
 * the first one reads and writes it unless the other is named.
 *
 * A new format is one file that exports a {@linkcode CoordinateFormat} and one line here.
 */
export const coordinateFormats: readonly CoordinateFormat[] = [
  starFormat,
  boxFormat,
  csvFormat,
  jsonFormat,
  cboxFormat,
  topazFormat,
  cryosparcFormat,
  thiFormat,
  coordFormat,
  starEndsFormat,
];

/** The file names that picks of a micrograph may have, in the order in which they are looked for. */
export function coordinateFileNames(micrograph: string): string[] {
  const extensions = coordinateFormats.flatMap(({ extensions }) => extensions);
  return ["", ...NAME_SUFFIXES].flatMap((suffix) => {
    return extensions.map((extension) => micrograph + suffix + extension);
  });
}

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
