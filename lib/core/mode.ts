import { EPickerError } from "./errors.ts";

/**
 * What is picked: particles of one size (centres), vesicles (centres and each one's own diameter),
 * or fibers (points along centre lines, traced into polylines).
 */
export type Mode = "particle" | "vesicle" | "fiber";

/** The names of the modes, the default first. */
export const MODES: readonly Mode[] = ["particle", "vesicle", "fiber"];

/**
 * The mode of a name.
 *
 * @throws {EPickerError} `bad-option` for an unknown name.
 *
 * @example
 * ```ts
 * import { modeOf } from "@epicker/epicker/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(modeOf("vesicle"), "vesicle");
 * ```
 */
export function modeOf(name: string): Mode {
  const mode = MODES.find((known) => known === name);
  if (mode !== undefined) return mode;
  throw new EPickerError("bad-option", {
    file: "mode",
    found: `"${name}"`,
    expected: MODES.join(", "),
  });
}
