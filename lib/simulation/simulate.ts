import { EPickerError, type Micrograph, type Pick, random } from "../core/mod.ts";
import { contrastTransfer, type CtfOptions } from "./ctf.ts";
import { spreadElectrons } from "./detector.ts";
import { filterPair } from "./fourier.ts";
import { randomRotation, rotate } from "./orientation.ts";
import type { Phantom } from "./phantom.ts";
import { placeParticles } from "./place.ts";
import { addProjection, type Canvas } from "./project.ts";

/** What {@linkcode simulateMicrograph} is told. */
export interface SimulationOptions extends Partial<CtfOptions> {
  /** The particle. */
  particle: Phantom;
  /** How many particles; fewer are placed where the image gets full. */
  count: number;
  /** Å per pixel. */
  pixelSizeA: number;
  /**
   * Signal-to-noise ratio: mean square of the noise-free contrast within the particles' circles,
   * over the variance of all noise, both before the detector.
   */
  snr: number;
  /** Seed of everything random. */
  seed: number;
  /** Base name. @default {"simulated"} */
  name?: string;
  /** Columns and rows. @default {1024} */
  size?: number;
  /** Least distance of two centres in particle diameters. @default {1} */
  spacing?: number;
  /** Least distance of a centre from the border, in pixels. @default {32} */
  border?: number;
  /** Electrons per Å². @default {30} */
  dosePerA2?: number;
  /** Share of the noise's variance that comes from the ice, through the CTF. @default {0.2} */
  iceNoise?: number;
  /** Largest change of the mean by uneven ice, in standard deviations of the noise. @default {0.3} */
  iceGradient?: number;
  /** Spread of an electron in the detector: standard deviation in pixels. @default {0} */
  detectorBlur?: number;
}

/** The values that {@linkcode simulateMicrograph} takes where it is told nothing else. */
export const SIMULATION_DEFAULTS = {
  name: "simulated",
  size: 1024,
  spacing: 1,
  border: 32,
  dosePerA2: 30,
  iceNoise: 0.2,
  iceGradient: 0.3,
  detectorBlur: 0,
  defocusA: 20_000,
  voltageKv: 300,
  csMm: 2.7,
  amplitudeContrast: 0.1,
  bFactorA2: 150,
} as const;

/** A micrograph and what is really on it. */
export interface Simulation {
  /** The image, in electrons per pixel; particles are dark. */
  micrograph: Micrograph;
  /** Every particle with its diameter, in micrograph pixels. */
  truth: Pick[];
}

/** Numbers of the random streams, so that no option shifts what another one draws. */
const [PLACES, ORIENTATIONS, ICE_NOISE, SHOT_NOISE, THICKNESS] = [1, 2, 3, 4, 5];

/**
 * Makes a micrograph of particles in random places and orientations, as a microscope would see it.
 *
 * Projections of the particle and of grainy ice pass the contrast transfer function; uneven ice
 * moves the mean, shot noise (normal, independent in each pixel) comes on top, and the detector
 * blurs it all. The same options give the same pixels.
 *
 * @throws {EPickerError} `bad-option` for a size, pixel size, ratio or share out of range.
 *
 * @example
 * ```ts
 * import { ribosomeLike, simulateMicrograph } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * const { micrograph, truth } = simulateMicrograph({
 *   particle: ribosomeLike(),
 *   count: 5,
 *   size: 256,
 *   pixelSizeA: 5.36,
 *   defocusA: 18_000,
 *   snr: 0.1,
 *   seed: 1,
 * });
 * assertEquals([micrograph.width, micrograph.height, truth.length], [256, 256, 5]);
 * ```
 */
export function simulateMicrograph(given: SimulationOptions): Simulation {
  const options: Settings = { ...SIMULATION_DEFAULTS, ...given };
  checkOptions(options);
  const { name, size, pixelSizeA, particle, spacing, snr, iceNoise, dosePerA2, seed } = options;
  const diameter = particle.diameterA / pixelSizeA;
  const centres = placeParticles(
    { ...options, distance: spacing * diameter },
    random(seed, PLACES),
  );
  const { signal, ice } = transferred(options, centres);
  const electrons = dosePerA2 * pixelSizeA * pixelSizeA;
  const noise = Math.sqrt(electrons);
  const contrast = scaleFor(snr, meanSquareWithin(signal, centres, diameter / 2));
  const pixels = signal.pixels;
  const thickness = unevenIce(options);
  const shot = random(seed, SHOT_NOISE);
  for (let y = 0, i = 0; y < size; y++) {
    for (let x = 0; x < size; x++, i++) {
      const grain = Math.sqrt(iceNoise) * ice[i] + Math.sqrt(1 - iceNoise) * shot.normal();
      pixels[i] = electrons + noise * (contrast * pixels[i] + grain - thickness(x, y));
    }
  }
  spreadElectrons(pixels, size, options.detectorBlur);
  const truth = centres.map((centre) => ({ ...centre, diameter }));
  return { micrograph: { name, width: size, height: size, pixels, pixelSizeA }, truth };
}

type Settings = Required<SimulationOptions>;

/** Contrast of the particles, in any unit, and of the ice, of variance 1, behind the CTF. */
function transferred(options: Settings, centres: readonly Pick[]) {
  const { size, pixelSizeA, particle, seed } = options;
  const side = 2 ** Math.ceil(Math.log2(size)); // as the Fourier transform wants it
  const canvas: Canvas = { size: side, pixelSizeA, pixels: new Float32Array(side * side) };
  const orientations = random(seed, ORIENTATIONS);
  for (const centre of centres) {
    const rotation = randomRotation(orientations);
    addProjection(canvas, particle.gaussians.map((blob) => rotate(blob, rotation)), centre);
  }
  const grain = random(seed, ICE_NOISE);
  const ice = new Float32Array(side * side);
  for (let i = 0; i < ice.length; i++) ice[i] = grain.normal();
  filterPair(
    canvas.pixels,
    ice,
    side,
    (frequency) => contrastTransfer(frequency / pixelSizeA, options),
  );
  const deviation = Math.sqrt(ice.reduce((sum, value) => sum + value * value, 0) / ice.length);
  const crop = (image: Float32Array) => croppedTo(size, image, side);
  return {
    signal: { ...canvas, size, pixels: crop(canvas.pixels) },
    ice: crop(ice.map((value) => value / deviation)),
  };
}

function croppedTo(size: number, pixels: Float32Array, side: number): Float32Array {
  if (size === side) return pixels;
  const cropped = new Float32Array(size * size);
  for (let y = 0; y < size; y++) {
    cropped.set(pixels.subarray(y * side, y * side + size), y * size);
  }
  return cropped;
}

/** Mean square of an image within circles, what falls off it left out; 0 without circles. */
function meanSquareWithin(
  { size, pixels }: Canvas,
  centres: readonly Pick[],
  radius: number,
): number {
  let [sum, count] = [0, 0];
  for (const { x: cx, y: cy } of centres) {
    const [top, bottom] = [Math.ceil(cy - radius), Math.floor(cy + radius)];
    for (let y = Math.max(0, top); y <= Math.min(size - 1, bottom); y++) {
      const reach = Math.sqrt(radius * radius - (y - cy) ** 2);
      const [left, right] = [Math.ceil(cx - reach), Math.floor(cx + reach)];
      for (let x = Math.max(0, left); x <= Math.min(size - 1, right); x++) {
        sum += pixels[y * size + x] ** 2;
        count++;
      }
    }
  }
  return count === 0 ? 0 : sum / count;
}

/** The factor that brings a signal of this mean square to a ratio over noise of variance 1. */
function scaleFor(snr: number, meanSquare: number): number {
  return meanSquare === 0 ? 0 : Math.sqrt(snr / meanSquare);
}

/** Smooth thickness of the ice in units of the noise: two slow waves of random direction. */
function unevenIce({ size, iceGradient, seed }: Settings): (x: number, y: number) => number {
  const draw = random(seed, THICKNESS);
  const waves = [1, 2].map(() => {
    const [angle, start] = [draw.between(0, 2 * Math.PI), draw.between(0, 2 * Math.PI)];
    const k = 2 * Math.PI * draw.between(0.3, 1) / size;
    return { kx: k * Math.cos(angle), ky: k * Math.sin(angle), start };
  });
  return (x, y) =>
    waves.reduce((sum, { kx, ky, start }) => sum + Math.cos(kx * x + ky * y + start), 0) *
    iceGradient / waves.length;
}

function checkOptions(options: Settings): void {
  const { size, pixelSizeA, snr, iceNoise, detectorBlur, border, count } = options;
  const check = (ok: boolean, name: string, value: number, expected: string) => {
    if (!ok) throw new EPickerError("bad-option", { file: name, found: String(value), expected });
  };
  check(Number.isInteger(size) && size >= 16 && size <= 8192, "size", size, "16 to 8192 pixels");
  check(pixelSizeA > 0 && pixelSizeA < Infinity, "pixelSizeA", pixelSizeA, "Å above 0");
  check(snr >= 0 && snr < Infinity, "snr", snr, "a ratio of 0 or more");
  check(iceNoise >= 0 && iceNoise <= 1, "iceNoise", iceNoise, "a share between 0 and 1");
  check(detectorBlur >= 0 && detectorBlur <= 10, "detectorBlur", detectorBlur, "0 to 10 pixels");
  check(Number.isInteger(count) && count >= 0, "count", count, "a whole number of 0 or more");
  check(border >= 0 && 2 * border < size, "border", border, `less than half of ${size} pixels`);
}
