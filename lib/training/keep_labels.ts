import { EPickerError, random } from "../core/mod.ts";

/**
 * Keeps a part of the labels of every image, drawn from a seed; at least one where there are any.
 *
 * A smaller part of the same seed is a subset of a larger one.
 *
 * @param part Above 0, at most 1.
 * @throws {EPickerError} `bad-option` for another part.
 */
export function keepLabels<Image extends { objects: unknown[] }>(
  images: Image[],
  part: number,
  seed = 1,
): Image[] {
  assertPart(part);
  if (part === 1) return images;
  return images.map((image, i) => {
    const count = Math.max(1, Math.round(part * image.objects.length));
    return { ...image, objects: random(seed, i).shuffle(image.objects).slice(0, count) };
  });
}

/** Refuses parts that {@linkcode keepLabels} cannot keep. @throws {EPickerError} `bad-option`. */
export function assertPart(part: number): void {
  if (part > 0 && part <= 1) return;
  throw new EPickerError("bad-option", {
    file: "keepLabels",
    found: String(part),
    expected: "a part above 0 and at most 1",
  });
}
