import type { Point } from "../../core/mod.ts";

/** Which part of a micrograph lies where on the screen. */
export interface Viewport {
  /** Pixel of the micrograph in the middle. */
  centre: Point;
  /** Screen pixels per pixel of the micrograph. */
  zoom: number;
}

/** Columns and rows. */
export interface Size {
  /** Columns. */
  width: number;
  /** Rows. */
  height: number;
}

/** The whole micrograph in the middle of the screen. */
export function fitted(image: Size, screen: Size): Viewport {
  const zoom = 0.98 * Math.min(screen.width / image.width, screen.height / image.height);
  return { centre: { x: (image.width - 1) / 2, y: (image.height - 1) / 2 }, zoom };
}

/** Where on the screen a pixel of the micrograph lies. */
export function toScreen({ x, y }: Point, { centre, zoom }: Viewport, screen: Size): Point {
  return {
    x: screen.width / 2 + (x - centre.x) * zoom,
    y: screen.height / 2 + (y - centre.y) * zoom,
  };
}

/** The pixel of the micrograph under a place on the screen. */
export function toImage({ x, y }: Point, { centre, zoom }: Viewport, screen: Size): Point {
  return {
    x: centre.x + (x - screen.width / 2) / zoom,
    y: centre.y + (y - screen.height / 2) / zoom,
  };
}

/** Larger or smaller by a factor; what is under a place on the screen stays there. */
export function zoomed(view: Viewport, factor: number, at: Point, screen: Size): Viewport {
  const zoom = Math.min(64, Math.max(0.01, view.zoom * factor));
  const fixed = toImage(at, view, screen);
  return {
    zoom,
    centre: {
      x: fixed.x - (at.x - screen.width / 2) / zoom,
      y: fixed.y - (at.y - screen.height / 2) / zoom,
    },
  };
}

/** Moved by screen pixels. */
export function panned({ centre, zoom }: Viewport, dx: number, dy: number): Viewport {
  return { zoom, centre: { x: centre.x - dx / zoom, y: centre.y - dy / zoom } };
}

/** Whether a place is on a pixel of the micrograph. */
export function isInside({ x, y }: Point, { width, height }: Size): boolean {
  return x >= -0.5 && y >= -0.5 && x <= width - 0.5 && y <= height - 0.5;
}

/** The nearest place between the centres of the outermost pixels. */
export function inside({ x, y }: Point, { width, height }: Size): Point {
  return { x: Math.min(width - 1, Math.max(0, x)), y: Math.min(height - 1, Math.max(0, y)) };
}

/** A round length in Å or pixels, and its part of the screen, for the scale bar. */
export function scaleBar(zoom: number, pixelSizeA: number | undefined): [string, number] {
  const perUnit = zoom / (pixelSizeA ?? 1); // screen pixels per Å or pixel
  const longest = 160 / perUnit;
  const power = 10 ** Math.floor(Math.log10(longest));
  const length = [5, 2, 1].map((digit) => digit * power).find((value) => value <= longest)!;
  const text = pixelSizeA === undefined
    ? `${length} px`
    : length >= 10
    ? `${length / 10} nm`
    : `${length} Å`;
  return [text, length * perUnit];
}
