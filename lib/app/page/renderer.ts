/// <reference lib="dom" />
import { type Colour, rgb } from "./colours.ts";
import type { HeatLayer, Line, Look, Ring } from "./drawable.ts";
import { type Gl, glOf, isSoftware } from "./gl.ts";
import { ImageLayer } from "./image_layer.ts";
import { HEAT_SHADERS, PICTURE_SHADERS } from "./image_shaders.ts";
import { LINE_SHADERS, RING_SHADERS } from "./mark_shaders.ts";
import { Rectangles } from "./rectangles.ts";
import type { Size, Viewport } from "./viewport.ts";

/** Pixels by the screen's, along an edge, while a picture moves that a processor draws. */
const COARSE = 0.5;

/** Frames without a change of the view after which a picture has come to rest. */
const REST = 8;

/**
 * Draws a picture with rings and lines by WebGL 2. Where no GPU does that, what pans or zooms has half
 * the screen's pixels along an edge, so that the hand is followed; all of them where it rests.
 */
export class Renderer {
  readonly #canvas: HTMLCanvasElement;
  readonly #gl: Gl;
  readonly #isSoftware: boolean;
  readonly #picture: ImageLayer;
  readonly #heat: ImageLayer;
  readonly #rings: Rectangles;
  readonly #lines: Rectangles;
  #screen: Size = { width: 1, height: 1 };
  #drawn: Viewport | undefined;
  #resting = 0;

  /** Prepares a canvas. @throws {Error} Where there is no WebGL 2. */
  constructor(canvas: HTMLCanvasElement) {
    const gl = glOf(canvas);
    this.#canvas = canvas;
    this.#gl = gl;
    this.#isSoftware = isSoftware(gl);
    this.#picture = new ImageLayer(gl, PICTURE_SHADERS, gl.NEAREST);
    this.#heat = new ImageLayer(gl, HEAT_SHADERS, gl.LINEAR);
    this.#rings = new Rectangles(gl, RING_SHADERS, [["ring", 4], ["ink", 3]]);
    this.#lines = new Rectangles(gl, LINE_SHADERS, [["piece", 4], ["ink", 4]]);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  /** Takes the size of the canvas on the screen, in CSS pixels. */
  resize(screen: Size): void {
    this.#screen = screen;
    this.#drawn = undefined;
  }

  /** Takes a picture of greys, each of which stands for `step` pixels of the micrograph. */
  setPicture(size: Size, step: number, pixels: Uint8Array): void {
    this.#picture.set({ ...size, pixels }, { step });
    this.#drawn = undefined;
  }

  /** Takes a heat map that lies over the picture, or none. */
  setHeat(layer: HeatLayer | undefined): void {
    if (layer === undefined) this.#heat.clear();
    else this.#heat.set({ ...layer, pixels: layer.values }, layer);
  }

  /** Takes what lies on the picture. */
  setMarks(rings: readonly Ring[], lines: readonly Line[]): void {
    const inks = new Map<string, Colour>();
    const ink = (colour: string) => {
      const known = inks.get(colour) ?? rgb(colour);
      inks.set(colour, known);
      return known;
    };
    this.#rings.set(
      rings.map(({ x, y, diameter, score, colour }) => [x, y, diameter, score, ...ink(colour)]),
    );
    this.#lines.set(
      lines.flatMap(({ points, score, colour }) =>
        points.slice(1).map((
          to,
          i,
        ) => [points[i].x, points[i].y, to.x, to.y, ...ink(colour), score])
      ),
    );
  }

  /** Draws all of it. */
  draw(view: Viewport, look: Look): void {
    cancelAnimationFrame(this.#resting);
    const moves = this.#drawn !== undefined && !isSame(this.#drawn, view);
    this.#drawn = view;
    if (!moves || !this.#isSoftware) return this.#paint(view, look, devicePixelRatio);
    this.#paint(view, look, COARSE * devicePixelRatio);
    this.#afterFrames(REST, () => this.#paint(view, look, devicePixelRatio));
  }

  #afterFrames(count: number, work: () => void): void {
    this.#resting = requestAnimationFrame(() => {
      if (count > 1) this.#afterFrames(count - 1, work);
      else work();
    });
  }

  /** `ratio` is how many pixels the canvas has for one of CSS. */
  #paint({ centre, zoom }: Viewport, look: Look, ratio: number): void {
    const gl = this.#gl;
    const [width, height] = this.#resized(ratio);
    gl.viewport(0, 0, width, height);
    gl.clearColor(0.09, 0.1, 0.12, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (!this.#picture.isThere) return;
    const { sigmas, offset, invert, threshold, dimmed, heat = 0 } = look;
    const values = {
      centre: [centre.x, centre.y],
      screen: [width, height],
      whole: this.#picture.size,
      zoom: zoom * ratio,
      invert: invert ? 1 : 0,
      ...{ ratio, sigmas, offset, threshold, dimmed, heat },
    } as const;
    gl.disable(gl.BLEND);
    if (!look.bare) this.#picture.draw(values);
    gl.enable(gl.BLEND);
    if (this.#heat.isThere && heat > 0) this.#heat.draw(values);
    if (!look.marks) return;
    this.#lines.draw(values);
    this.#rings.draw(values);
  }

  /** The canvas with as many pixels as the screen has, or part of them. */
  #resized(ratio: number): [width: number, height: number] {
    const [width, height] = [this.#screen.width, this.#screen.height]
      .map((edge) => Math.max(1, Math.round(edge * ratio)));
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    return [width, height];
  }
}

function isSame(a: Viewport, b: Viewport): boolean {
  return a.zoom === b.zoom && a.centre.x === b.centre.x && a.centre.y === b.centre.y;
}
