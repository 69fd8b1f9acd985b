import type { Micrograph } from "../core/mod.ts";
import { type NetworkImage, preprocess } from "../preprocess/mod.ts";

/** A micrograph ready for the network: all about it but its own pixels. */
export interface PreparedMicrograph extends Omit<Micrograph, "pixels"> {
  /** What the network will see. */
  image: NetworkImage;
  /** Seconds spent on it. */
  seconds: number;
}

/**
 * Preprocesses a micrograph for {@linkcode Picker.pickPrepared}, on any thread.
 *
 * @throws {EPickerError} `bad-file` for a micrograph without finite pixels.
 */
export function prepareMicrograph(micrograph: Micrograph): PreparedMicrograph {
  const start = performance.now();
  const image = preprocess(micrograph);
  const { pixels: _, ...facts } = micrograph;
  return { ...facts, image, seconds: (performance.now() - start) / 1000 };
}
