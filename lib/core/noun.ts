import * as z from "zod";
import type { Point } from "./geometry.ts";

/** What is told apart by its fields alone, without a look at every value. */
function shape<T extends object>(expected: string, fits: (value: Partial<T>) => boolean) {
  return z.custom<T>(
    (value) => typeof value === "object" && value !== null && fits(value),
    expected,
  );
}

const isNumber = (value: unknown) => typeof value === "number";

/** Checks of the nouns that public functions take, for `checkArgument`. */
export const noun = {
  /** A micrograph. */
  micrograph: shape<{ width: number; height: number; pixels: ArrayLike<number> }>(
    "a micrograph { name, width, height, pixels }",
    ({ width, height, pixels }) =>
      isNumber(width) && isNumber(height) && (Array.isArray(pixels) || ArrayBuffer.isView(pixels)),
  ),
  /** Picks, labels or points. */
  points: shape<Point[]>(
    "a list of points { x, y }",
    (points) => Array.isArray(points) && points.every((p) => isNumber(p?.x) && isNumber(p?.y)),
  ),
  /** A dataset. */
  dataset: shape<{ folder: string; entries: unknown[]; split: object }>(
    "a dataset, as readDataset() gives it",
    ({ folder, entries, split }) =>
      typeof folder === "string" && Array.isArray(entries) && typeof split === "object",
  ),
  /** A network with its weights. */
  model: shape<{ config: object; weights: object }>(
    "a model, as readModel() gives it",
    ({ config, weights }) => typeof config === "object" && typeof weights === "object",
  ),
  /** A path. */
  path: z.string("a path").min(1, "a path"),
};
