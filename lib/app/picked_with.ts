import type { Mode } from "../core/mod.ts";
import { readCandidates } from "../io/mod.ts";
import { type PickOptions, recordedNames, recordPath } from "../picking/mod.ts";

/** How a folder was picked. */
export interface PickedWith {
  /** What was picked. */
  mode?: Mode;
  /** What was said of the micrographs. */
  given: Pick<PickOptions, "diameterA" | "diameterPx" | "pixelSizeA" | "contrast">;
  /** The diameter that a look at the folder found, in pixels of the micrographs. */
  seenPx?: number;
}

/** How a folder was picked, by the first record that can be read: the next picks shall be alike. */
export async function pickedWith(out: string): Promise<PickedWith> {
  for (const name of await recordedNames(out).catch(() => [])) {
    const record = await readCandidates(recordPath({ out, name })).catch(() => undefined);
    if (record?.provenance === undefined) continue;
    const { diameterA, diameterPx, pixelSizeA, contrast, seenPx } = record.provenance;
    return { mode: record.mode, given: { diameterA, diameterPx, pixelSizeA, contrast }, seenPx };
  }
  return { given: {} };
}
