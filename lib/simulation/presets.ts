import { EPickerError } from "../core/mod.ts";
import type { DatasetRecipe } from "./dataset_recipe.ts";
import { DEMO } from "./presets/demo.ts";
import { FIBERS } from "./presets/fibers.ts";
import { LIPOSOMES } from "./presets/liposomes.ts";
import { PAPER10 } from "./presets/paper10.ts";
import { PROTEASOME26S } from "./presets/proteasome26s.ts";
import { TRANSFER } from "./presets/transfer.ts";

/** Datasets by the name of their preset. */
const PRESETS: Record<string, DatasetRecipe[]> = {
  paper10: PAPER10,
  proteasome26s: PROTEASOME26S,
  fibers: FIBERS,
  liposomes: LIPOSOMES,
  demo: DEMO,
  transfer: TRANSFER,
};

/** Names of all presets. */
export const PRESET_NAMES: readonly string[] = Object.keys(PRESETS);

/**
 * The recipes of a preset's datasets.
 *
 * @throws {EPickerError} `bad-option` for a name that is none of {@linkcode PRESET_NAMES}.
 *
 * @example
 * ```ts
 * import { presetNamed } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(presetNamed("fibers").map(({ name }) => name), ["tmv", "actin"]);
 * ```
 */
export function presetNamed(name: string): DatasetRecipe[] {
  if (Object.hasOwn(PRESETS, name)) return PRESETS[name];
  throw new EPickerError("bad-option", {
    file: "preset",
    found: `"${name}"`,
    expected: PRESET_NAMES.join(", "),
  });
}
