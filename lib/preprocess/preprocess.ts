import {
  checkArgument,
  checkOptions,
  EPickerError,
  type Micrograph,
  type Mode,
  MODES,
  noun,
  option,
} from "../core/mod.ts";
import { cleanRange } from "./clean_range.ts";
import { dirtIn } from "./dirt.ts";
import { equalise } from "./equalise.ts";
import { flatten } from "./flatten.ts";
import {
  geometryAt,
  MARGIN,
  type NetworkGeometry,
  networkGeometry,
  type NetworkImage,
} from "./geometry.ts";
import { knownIn } from "./known.ts";
import { resample } from "./resample.ts";
import { NETWORK_SIZES, type NetworkView, PARTICLE_SIZE } from "./view.ts";

/** Options of {@linkcode preprocess}. */
export interface PreprocessOptions {
  /** How the network sees micrographs. @default {"paper"} */
  view?: NetworkView;
  /** Diameter of a typical object in micrograph pixels, which the view `particle` needs. */
  diameter?: number;
  /** What the object is, which decides its size in the view `particle`. @default {"particle"} */
  mode?: Mode;
  /**
   * Length of the content's longer side in the view `paper`, in network pixels. Models see the
   * default; smaller sizes are for quick tests. @default {1024}
   */
  targetSize?: number;
}

/**
 * Makes the 8-bit image that the network sees from a micrograph.
 *
 * Hot pixels are clamped and non-finite ones replaced while they are read; the image is low-passed
 * and resampled (Lanczos-3, one scale for both axes): in the view `paper` to 1024 pixels along its
 * longer side, its histogram equalised over the ice; in the view `particle` to particles of 40 pixels
 * (vesicles 48, fibers 24), slow background and contrast taken out. It is set into a black margin of 16 pixels and padded to
 * multiples of 32. The micrograph is not changed, and the same micrograph always gives the same image.
 *
 * @throws {EPickerError} `bad-file` when the micrograph is empty, has a wrong number of pixels or
 * no finite pixel; `bad-option` for anything else than a micrograph, a target size that is not a positive
 * whole number and, in the view `particle`, a diameter that is missing or makes no sense.
 *
 * @example
 * ```ts
 * import { preprocess, toMicrograph } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * const pixels = Float32Array.from({ length: 96 * 64 }, (_, i) => i % 7);
 * const image = preprocess({ name: "a", width: 96, height: 64, pixels }, { targetSize: 48 });
 * assertEquals([image.width, image.height, image.scale], [48, 32, 2]);
 * assertEquals([image.paddedWidth, image.paddedHeight], [96, 64]);
 * assertEquals(toMicrograph({ x: 26, y: 36 }, image), { x: 20.5, y: 40.5 });
 * ```
 */
export function preprocess(
  micrograph: Micrograph,
  options: PreprocessOptions = {},
): NetworkImage {
  checkArgument(micrograph, noun.micrograph, "micrograph");
  checkOptions(options, {
    view: option.oneOf(["paper", "particle"]),
    mode: option.oneOf(MODES),
    targetSize: option.whole(1),
  });
  const { view = "paper", targetSize, diameter, mode = "particle" } = options;
  assertWhole(micrograph);
  return view === "paper"
    ? paperView(micrograph, targetSize)
    : particleView(micrograph, mode, diameter);
}

/** The whole micrograph at one size, whatever the particle's. */
function paperView(micrograph: Micrograph, targetSize?: number): NetworkImage {
  const geometry = networkGeometry(micrograph.width, micrograph.height, targetSize);
  const values = resample(micrograph, geometry, cleanRange(micrograph));
  return withMargin(equalise(values, geometry.width), geometry);
}

/** The object at one size, whatever the micrograph's. */
function particleView(micrograph: Micrograph, mode: Mode, diameter?: number): NetworkImage {
  assertDiameter(micrograph, mode, diameter);
  const scale = diameter / NETWORK_SIZES[mode];
  const geometry = geometryAt(micrograph.width, micrograph.height, scale);
  const { width, height } = geometry;
  const values = resample(micrograph, geometry, cleanRange(micrograph));
  const source = { values, width, height, known: knownIn(micrograph, geometry) };
  const dirt = dirtIn(source); // before its values are changed
  const image = withMargin(flatten(source), geometry);
  return Number.isNaN(dirt) ? image : { ...image, dirt };
}

function withMargin(content: Uint8Array, geometry: NetworkGeometry): NetworkImage {
  const { width, height, paddedWidth, paddedHeight } = geometry;
  const pixels = new Uint8Array(paddedWidth * paddedHeight);
  for (let y = 0; y < height; y++) {
    const row = content.subarray(y * width, (y + 1) * width);
    pixels.set(row, (y + MARGIN) * paddedWidth + MARGIN);
  }
  return { ...geometry, pixels };
}

/** Least diameter of a particle in the file, in pixels: of smaller ones nothing can be told. */
const LEAST_DIAMETER = 8;

/** Most network pixels of one image. */
const MOST_PIXELS = 2 ** 26;

/** What is expected in place of a diameter with which the view `particle` cannot be; nothing if it can. */
export function diameterFault(
  { width, height }: { width: number; height: number },
  mode: Mode,
  diameter: number | undefined,
): string | undefined {
  const size = NETWORK_SIZES[mode];
  const least = LEAST_DIAMETER * size / PARTICLE_SIZE; // all may be enlarged as much
  if (diameter === undefined || !(diameter >= least)) return `${least} pixels or more`;
  if (diameter > Math.max(width, height)) return "less than the micrograph's longer side";
  const isTiny = width * height * (size / diameter) ** 2 > MOST_PIXELS;
  return isTiny
    ? `${Math.ceil(size * Math.sqrt(width * height / MOST_PIXELS))} pixels or more`
    : undefined;
}

function assertDiameter(
  micrograph: Micrograph,
  mode: Mode,
  diameter: number | undefined,
): asserts diameter is number {
  const expected = diameterFault(micrograph, mode, diameter);
  if (expected === undefined) return;
  const { name, width, height } = micrograph;
  const given = diameter === undefined ? "unknown" : +diameter.toFixed(1);
  throw new EPickerError("bad-option", {
    file: name,
    found: `a diameter of ${given} pixels in ${width} × ${height} pixels`,
    expected,
    remedy: "Give the particle's diameter; it is in pixels of the micrograph, or in Å.",
  });
}

function assertWhole({ name, width, height, pixels }: Micrograph): void {
  const sides = [width, height].every((side) => Number.isInteger(side) && side > 0);
  if (sides && pixels.length === width * height) return;
  throw new EPickerError("bad-file", {
    file: name,
    found: `${width} × ${height} pixels and ${pixels.length} values`,
    expected: "at least one pixel, and one value for each",
    remedy: "Export the micrograph again.",
  });
}
