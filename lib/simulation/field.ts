import type { Canvas } from "./canvas.ts";

/** What the electrons meet besides the specimen, for every pixel. */
export interface Field {
  /** Share of the electrons that come through, 0…1. */
  transmission: Float32Array;
  /** Power of the structure noise, relative to the mean ice's. */
  roughness: Float32Array;
  /** Contrast before the CTF of edges, such as a crystal's. */
  edges: Canvas;
}

/** Contrast of edges fades to 0 towards the image's border over this many pixels. */
const FADE = 24;

/**
 * 1 within an image and 0 at its border.
 *
 * The Fourier transform sees the opposite border next to it; what fades makes no edge there.
 */
export function fadeAtBorder(size: number, x: number, y: number): number {
  return Math.min(1, Math.min(x, y, size - 1 - x, size - 1 - y) / FADE);
}
