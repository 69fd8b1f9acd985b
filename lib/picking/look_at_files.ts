import type { Micrograph } from "../core/mod.ts";
import { type InputFile, type Provenance, readMicrograph } from "../io/mod.ts";
import type { Look } from "./look.ts";
import type { PickOptions } from "./pick_options.ts";
import type { Picker } from "./picker.ts";
import { findRecord } from "./results.ts";

/** Most micrographs that a look is taken at, and most pixels of them in memory. */
const MOST = { micrographs: 4, pixels: 2 ** 26 };

/** What decides about a look, beside the micrographs. */
export type LookedWith = Pick<
  Provenance,
  "model" | "recipe" | "diameterA" | "diameterPx" | "pixelSizeA"
>;

/** Takes a look at a few files, evenly spread; nothing where none can be read. */
export async function lookAtFiles(
  picker: Picker,
  files: readonly InputFile[],
  options: PickOptions,
): Promise<Look | undefined> {
  const count = Math.min(MOST.micrographs, files.length);
  const micrographs: Micrograph[] = [];
  let pixels = 0;
  for (let i = 0; i < count && pixels < MOST.pixels; i++) {
    const { path } = files[Math.floor((i + 0.5) * files.length / count)];
    const micrograph = await readMicrograph(path).catch(() => undefined); // reported when picked
    if (micrograph === undefined) continue;
    micrographs.push(micrograph);
    pixels += micrograph.pixels.length;
  }
  return micrographs.length === 0 ? undefined : await picker.look(micrographs, options);
}

/** The look that an earlier run took, by the first record that it left. */
export async function earlierLook(
  out: string,
  files: readonly InputFile[],
  wanted: LookedWith,
  { contrast }: PickOptions,
): Promise<Look | undefined> {
  for (const { name } of files) {
    const record = await findRecord({ out, name });
    const had = record?.provenance;
    if (record === undefined || had === undefined) continue;
    const keys = Object.keys(wanted) as (keyof LookedWith)[];
    const seen = had.contrast ?? "dark";
    const isSame = keys.every((key) => had[key] === wanted[key]);
    if (!isSame || (contrast !== undefined && contrast !== seen)) continue;
    const doubts = (record.doubts ?? []).filter(({ kind }) =>
      kind === "contrast" || (kind === "diameter" && had.seenPx !== undefined)
    );
    return { diameter: had.seenPx, contrast: seen, doubts };
  }
  return undefined;
}
