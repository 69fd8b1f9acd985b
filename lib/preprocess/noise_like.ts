import FFT from "fft.js";
import { random } from "../core/mod.ts";
import type { NetworkImage } from "./geometry.ts";
import { MARGIN } from "./geometry.ts";
import { normalise } from "./normalise.ts";

/** Noise that looks like the middle of an image. */
export interface NoiseLike {
  /** Columns, rows. */
  side: number;
  /** Column and row of the image's pixel at its corner. */
  corner: { x: number; y: number };
  /** What a network takes, `side × side`. */
  pixels: Float32Array;
}

/** Sides: powers of two, multiples of the network's stride. */
const SIDES = { least: 128, most: 512 };

/**
 * Noise with the spectrum and the grey values of the middle of an image (surrogate data; Theiler et al.,
 * Physica D 58, 1992): whatever a network finds in it is not there.
 *
 * @returns As many as wanted; none of an image smaller than 128 pixels.
 */
export function noiseLike(image: NetworkImage, count: number): NoiseLike[] {
  let side = SIDES.most;
  while (side > Math.min(image.width, image.height)) side /= 2;
  if (side < SIDES.least) return [];
  const corner = {
    x: MARGIN + Math.floor((image.width - side) / 2),
    y: MARGIN + Math.floor((image.height - side) / 2),
  };
  const middle = new Float64Array(side * side);
  for (let y = 0; y < side; y++) {
    const start = (corner.y + y) * image.paddedWidth + corner.x;
    middle.set(image.pixels.subarray(start, start + side), y * side);
  }
  return Array.from({ length: count }, (_, seed) => {
    const pixels = normalise(withGreys(withPhases(middle, side, seed + 1), middle));
    return { side, corner, pixels };
  });
}

/** An image with its amplitudes and the phases of white noise. */
function withPhases(image: Float64Array, side: number, seed: number): Float64Array {
  const stream = random(seed);
  const noise = Float64Array.from({ length: image.length }, () => stream.normal());
  const [a, b] = [image, noise].map((real) => transformed(complex(real), side));
  for (let i = 0; i < a.length; i += 2) {
    const amplitude = Math.hypot(a[i], a[i + 1]) / (Math.hypot(b[i], b[i + 1]) || 1);
    a[i] = amplitude * b[i];
    a[i + 1] = -amplitude * b[i + 1]; // conjugate: forward again is backward
  }
  return transformed(a, side).filter((_, i) => i % 2 === 0);
}

/** The darkest pixel gets the darkest grey, and so on. */
function withGreys(image: Float64Array, greys: Float64Array): Uint8Array<ArrayBuffer> {
  const order = Uint32Array.from(image.keys()).sort((a, b) => image[a] - image[b]);
  const sorted = greys.toSorted();
  const made = new Uint8Array(image.length);
  order.forEach((at, rank) => made[at] = sorted[rank]);
  return made;
}

function complex(real: Float64Array): Float64Array {
  const values = new Float64Array(2 * real.length);
  real.forEach((value, i) => values[2 * i] = value);
  return values;
}

/** Fourier transform of an image of complex numbers, rows and then columns; in place. */
function transformed(image: Float64Array, side: number): Float64Array {
  const fft = new FFT(side);
  const [line, out] = [fft.createComplexArray(), fft.createComplexArray()];
  for (const [step, stride] of [[2 * side, 2], [2, 2 * side]]) {
    for (let k = 0; k < side; k++) {
      for (let i = 0; i < side; i++) {
        line[2 * i] = image[k * step + i * stride];
        line[2 * i + 1] = image[k * step + i * stride + 1];
      }
      fft.transform(out, line);
      for (let i = 0; i < side; i++) {
        image[k * step + i * stride] = out[2 * i];
        image[k * step + i * stride + 1] = out[2 * i + 1];
      }
    }
  }
  return image;
}
