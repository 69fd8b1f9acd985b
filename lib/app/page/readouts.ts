/// <reference lib="dom" />
import type { Point } from "../../core/mod.ts";
import { isInside, scaleBar, type Size, type Viewport } from "./viewport.ts";

/** What a picture shows of the micrograph. */
export interface Extent extends Size {
  /** Å per pixel, if known. */
  pixelSizeA?: number;
}

/** Says beside a canvas where the cursor is, in px and Å. */
export function tellPlace(canvas: HTMLCanvasElement, { x, y }: Point, image: Extent): void {
  const output = canvas.parentElement!.querySelector<HTMLOutputElement>(".cursor")!;
  const { pixelSizeA } = image;
  const px = `${x.toFixed(1)}, ${y.toFixed(1)} px`;
  const inA = pixelSizeA && `${(x * pixelSizeA).toFixed(0)}, ${(y * pixelSizeA).toFixed(0)} Å`;
  output.value = isInside({ x, y }, image) ? [px, inA].filter(Boolean).join(" · ") : "";
}

/** Draws the scale bar beside a canvas. */
export function drawScale(canvas: HTMLCanvasElement, view: Viewport, image: Extent): void {
  const box = canvas.parentElement!.querySelector<HTMLElement>(".scale")!;
  const [text, width] = scaleBar(view.zoom, image.pixelSizeA);
  box.hidden = false;
  const label = box.querySelector("span")!;
  if (label.textContent !== text) label.textContent = text; // else it is laid out every frame
  box.querySelector("i")!.style.width = `${width}px`;
}
