import { serveWorker, transferring } from "../core/mod.ts";
import { readMicrograph } from "../io/mod.ts";
import { type Display, displayOf, spectrumDisplay } from "./display.ts";

// The program of a worker that reads micrographs and makes pictures of them.

/** A picture and what the file says of the micrograph. */
export interface Shown extends Display {
  /** Columns of the micrograph. */
  fullWidth: number;
  /** Rows of the micrograph. */
  fullHeight: number;
  /** Å per pixel, if known. */
  pixelSizeA?: number;
}

const functions = {
  start(): void {},

  async show(
    path: string,
    options: { longest: number; lowPassA?: number; spectrum?: boolean },
  ): Promise<Shown> {
    const micrograph = await readMicrograph(path);
    const { width: fullWidth, height: fullHeight, pixelSizeA } = micrograph;
    const lowPassPx = pixelSizeA === undefined ? 0 : (options.lowPassA ?? 0) / pixelSizeA;
    const display = options.spectrum ? spectrumDisplay(micrograph) : undefined;
    const shown = display ?? displayOf(micrograph, { ...options, lowPassPx });
    return transferring({ ...shown, fullWidth, fullHeight, pixelSizeA }, shown.pixels.buffer);
  },
};

/** What the worker can do. */
export type DisplayFunctions = typeof functions;

serveWorker(functions);
