import { defined, type Micrograph } from "../core/mod.ts";
import { type InputFile, readMicrograph } from "../io/mod.ts";
import type { Look } from "./look.ts";
import type { PickOptions } from "./pick_options.ts";
import type { Picker } from "./picker.ts";
import { findRecord } from "./results.ts";
import { type SeenWith, seenWith } from "./seen_with.ts";

/** Most micrographs that a look is taken at, and most pixels of them in memory. */
const MOST = { micrographs: 4, pixels: 2 ** 26 };

/**
 * The look that decides for all micrographs of a folder: that of an earlier run with the same model
 * and sizes, else one at a few of the files, evenly spread.
 *
 * Whoever picks a folder in several batches takes it once and gives it to each.
 *
 * @param files With names of results; where earlier ones lie among them, their look is found.
 * @returns Nothing for a model of the view `paper`, or where no file can be read.
 * @throws {EPickerError} As `picker.look`.
 */
export async function folderLook(
  picker: Picker,
  files: readonly InputFile[],
  { out, overwrite, ...options }: PickOptions & { out: string; overwrite?: boolean },
): Promise<Look | undefined> {
  if (picker.view === "paper") return undefined;
  const wanted = await seenWith(picker.model, options);
  const earlier = overwrite ? undefined : await earlierLook(out, files, wanted, options);
  return earlier ?? await lookAtFiles(picker, files, options);
}

async function lookAtFiles(
  picker: Picker,
  files: readonly InputFile[],
  options: PickOptions,
): Promise<Look | undefined> {
  const count = Math.min(MOST.micrographs, files.length);
  const micrographs: Micrograph[] = [];
  let pixels = 0;
  for (let i = 0; i < count && pixels < MOST.pixels; i++) {
    const { path, pixelSizeA } = files[Math.floor((i + 0.5) * files.length / count)];
    const micrograph = await readMicrograph(path).catch(() => undefined); // reported when picked
    if (micrograph === undefined) continue;
    micrographs.push({ ...micrograph, ...defined({ pixelSizeA }) });
    pixels += micrograph.pixels.length;
  }
  return micrographs.length === 0 ? undefined : await picker.look(micrographs, options);
}

/** The look that an earlier run took, by the first record that it left. */
async function earlierLook(
  out: string,
  files: readonly InputFile[],
  { pixelSizeA: common, ...wanted }: SeenWith,
  { contrast }: PickOptions,
): Promise<Look | undefined> {
  const keys = Object.keys(wanted) as (keyof typeof wanted)[];
  for (const { name, pixelSizeA = common } of files) {
    const record = await findRecord({ out, name });
    const had = record?.provenance;
    if (record === undefined || had === undefined) continue;
    const seen = had.contrast ?? "dark";
    const isSame = had.pixelSizeA === pixelSizeA && keys.every((key) => had[key] === wanted[key]);
    if (!isSame || (contrast !== undefined && contrast !== seen)) continue;
    const doubts = (record.doubts ?? []).filter(({ kind }) =>
      kind === "contrast" || (kind === "diameter" && had.seenPx !== undefined)
    );
    return {
      ...defined({ diameter: had.seenPx, pixelSizeA: had.seenAtA }),
      ...{ contrast: seen, doubts },
    };
  }
  return undefined;
}
