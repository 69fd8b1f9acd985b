/// <reference lib="dom" />
import type { Point } from "../../core/mod.ts";
import { type Colour, rgb } from "./colours.ts";
import type { Size, Viewport } from "./viewport.ts";

/** A ring about a point, in pixels of the micrograph. */
export interface Ring extends Point {
  /** Diameter. */
  diameter: number;
  /** Score by which it is dimmed below the threshold: 1 and more never, a negative one always. */
  score: number;
  /** Colour, `#rrggbb`. */
  colour: string;
}

/** A line through points, in pixels of the micrograph. */
export interface Line {
  /** From end to end. */
  points: readonly Point[];
  /** Score, as of a ring. */
  score: number;
  /** Colour, `#rrggbb`. */
  colour: string;
}

/** How a picture is shown. */
export interface Look {
  /** Sigmas of the picture from black to white. */
  sigmas: number;
  /** Sigmas by which grey is darker. */
  offset: number;
  /** Whether black is white. */
  invert: boolean;
  /** Least score of what is not dimmed. */
  threshold: number;
  /** How much is seen of what is dimmed, 0…1. */
  dimmed: number;
  /** Whether marks are drawn. */
  marks: boolean;
  /** How much is seen of the heat map, 0…1; none by default. */
  heat?: number;
  /** Whether the picture itself is hidden. */
  bare?: boolean;
}

/** A map of probabilities that lies over the picture. */
export interface HeatLayer extends Size {
  /** Where its corner lies from that of the picture, in pixels of the micrograph, both along x and y. */
  origin: number;
  /** Pixels of the micrograph along the edge of a cell. */
  step: number;
  /** 0…255, row-major. */
  values: Uint8Array<ArrayBuffer>;
}

/** Sigmas that the 8 bits of a picture hold to both sides. */
const HELD_SIGMAS = 6;

const PICTURE_VERTEX = `#version 300 es
uniform vec2 centre, screen, size; uniform float zoom, origin;
out vec2 at;
void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  vec2 place = (origin + corner * size - 0.5 - centre) * zoom / screen * 2.0;
  at = corner;
  gl_Position = vec4(place.x, -place.y, 0, 1);
}`;

const PICTURE_FRAGMENT = `#version 300 es
precision highp float;
uniform sampler2D picture; uniform float sigmas, offset, invert;
in vec2 at; out vec4 colour;
void main() {
  float value = (texture(picture, at).r * 2.0 - 1.0) * ${HELD_SIGMAS.toFixed(1)};
  float grey = clamp(0.5 + (value - offset) / sigmas, 0.0, 1.0);
  colour = vec4(vec3(mix(grey, 1.0 - grey, invert)), 1);
}`;

/** Probabilities from red over orange to yellow; where there is none, the picture is seen. */
const HEAT_FRAGMENT = `#version 300 es
precision highp float;
uniform sampler2D picture; uniform float heat, origin; uniform vec2 size, whole;
in vec2 at; out vec4 colour;
void main() {
  vec2 place = origin + at * size;
  if (any(lessThan(place, vec2(0))) || any(greaterThan(place, whole))) discard; // margins
  float value = texture(picture, at).r;
  vec3 ink = mix(vec3(0.84, 0.2, 0.0), vec3(1.0, 0.95, 0.3), value);
  float alpha = heat * sqrt(value);
  colour = vec4(ink * alpha, alpha);
}`;

/** How much is seen of a mark: below the threshold the less, the weaker it is. */
const ALPHA = `
uniform float threshold, dimmed;
float alphaOf(float score) {
  return score < threshold ? dimmed * min(abs(score) / threshold, 1.0) : 1.0;
}`;

/** A ring is a square about it, of which the program keeps what lies near the circle. */
const RING_VERTEX = `#version 300 es
uniform vec2 centre, screen; uniform float zoom, ratio;${ALPHA}
in vec4 ring; in vec3 ink;
out vec2 at; flat out float radius; flat out vec4 tint;
void main() {
  radius = max(ring.z * 0.5 * zoom, 3.0 * ratio);
  int corner = gl_VertexID & 3;
  at = (vec2(corner & 1, corner >> 1) * 2.0 - 1.0) * (radius + 2.5 * ratio);
  tint = vec4(ink, alphaOf(ring.w));
  vec2 place = ((ring.xy - centre) * zoom + at) / screen * 2.0;
  gl_Position = tint.a > 0.02 ? vec4(place.x, -place.y, 0, 1) : vec4(2, 2, 2, 1);
}`;

const RING_FRAGMENT = `#version 300 es
precision highp float;
uniform float ratio;
in vec2 at; flat in float radius; flat in vec4 tint; out vec4 colour;
void main() {
  float off = abs(length(at) - radius) / ratio;
  float line = 1.0 - smoothstep(0.7, 1.4, off), halo = 1.0 - smoothstep(1.4, 2.4, off);
  if (halo <= 0.0) discard;
  float alpha = max(line, 0.55 * halo) * tint.a;
  colour = vec4(tint.rgb * line * tint.a, alpha);
}`;

/** A piece of a line is a rectangle along it. */
const LINE_VERTEX = `#version 300 es
uniform vec2 centre, screen; uniform float zoom, ratio;${ALPHA}
in vec4 piece; in vec4 ink;
out float across; flat out vec4 tint;
void main() {
  vec2 from = (piece.xy - centre) * zoom, to = (piece.zw - centre) * zoom;
  vec2 along = normalize(to - from + vec2(1e-6, 0));
  int corner = gl_VertexID & 3;
  across = (float(corner >> 1) * 2.0 - 1.0) * 2.4;
  tint = vec4(ink.rgb, alphaOf(ink.a));
  vec2 end = (corner & 1) == 0 ? from - along * ratio : to + along * ratio;
  vec2 place = (end + vec2(-along.y, along.x) * across * ratio) / screen * 2.0;
  gl_Position = tint.a > 0.02 ? vec4(place.x, -place.y, 0, 1) : vec4(2, 2, 2, 1);
}`;

const LINE_FRAGMENT = `#version 300 es
precision highp float;
in float across; flat in vec4 tint; out vec4 colour;
void main() {
  float off = abs(across), line = 1.0 - smoothstep(0.7, 1.4, off);
  float alpha = max(line, 0.55 * (1.0 - smoothstep(1.4, 2.4, off))) * tint.a;
  colour = vec4(tint.rgb * line * tint.a, alpha);
}`;

type Gl = WebGL2RenderingContext;

/**
 * Rectangles that are drawn at once, and where their numbers lie: once for each corner, for many small
 * instances are slow in software.
 */
interface Rectangles {
  program: WebGLProgram;
  array: WebGLVertexArrayObject;
  numbers: WebGLBuffer;
  corners: WebGLBuffer;
  count: number;
}

/** Draws a picture with rings and lines by WebGL 2. */
export class Renderer {
  readonly #canvas: HTMLCanvasElement;
  readonly #gl: Gl;
  readonly #picture: WebGLProgram;
  readonly #heat: WebGLProgram;
  readonly #empty: WebGLVertexArrayObject;
  readonly #rings: Rectangles;
  readonly #lines: Rectangles;
  #texture: WebGLTexture | undefined;
  #size: Size = { width: 1, height: 1 };
  #layer: { texture: WebGLTexture; origin: number; size: Size } | undefined;

  /** Prepares a canvas. @throws {Error} Where there is no WebGL 2. */
  constructor(canvas: HTMLCanvasElement) {
    const gl = canvas.getContext("webgl2", { antialias: false, alpha: false });
    if (gl === null) throw new Error("This browser has no WebGL 2, which draws the picture.");
    this.#canvas = canvas;
    this.#gl = gl;
    this.#picture = programOf(gl, PICTURE_VERTEX, PICTURE_FRAGMENT);
    this.#heat = programOf(gl, PICTURE_VERTEX, HEAT_FRAGMENT);
    this.#empty = gl.createVertexArray()!;
    this.#rings = rectanglesOf(gl, programOf(gl, RING_VERTEX, RING_FRAGMENT), [
      ["ring", 4],
      ["ink", 3],
    ]);
    this.#lines = rectanglesOf(gl, programOf(gl, LINE_VERTEX, LINE_FRAGMENT), [
      ["piece", 4],
      ["ink", 4],
    ]);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  /** Takes a picture of greys, each of which stands for `step` pixels of the micrograph. */
  setPicture({ width, height }: Size, step: number, pixels: Uint8Array): void {
    if (this.#texture) this.#gl.deleteTexture(this.#texture);
    this.#texture = textureOf(this.#gl, { width, height }, pixels, this.#gl.NEAREST);
    this.#size = { width: width * step, height: height * step };
  }

  /** Takes a heat map that lies over the picture, or none. */
  setHeat(layer: HeatLayer | undefined): void {
    if (this.#layer) this.#gl.deleteTexture(this.#layer.texture);
    this.#layer = layer && {
      texture: textureOf(this.#gl, layer, layer.values, this.#gl.LINEAR),
      origin: layer.origin,
      size: { width: layer.width * layer.step, height: layer.height * layer.step },
    };
  }

  /** Takes what lies on the picture. */
  setMarks(rings: readonly Ring[], lines: readonly Line[]): void {
    const inks = new Map<string, Colour>();
    const ink = (colour: string) => {
      const known = inks.get(colour) ?? rgb(colour);
      inks.set(colour, known);
      return known;
    };
    fill(
      this.#gl,
      this.#rings,
      rings.map(({ x, y, diameter, score, colour }) => [x, y, diameter, score, ...ink(colour)]),
    );
    const pieces = lines.flatMap(({ points, score, colour }) =>
      points.slice(1).map((to, i) => [points[i].x, points[i].y, to.x, to.y, ...ink(colour), score])
    );
    fill(this.#gl, this.#lines, pieces);
  }

  /** Draws all of it. */
  draw({ centre, zoom }: Viewport, look: Look): void {
    const gl = this.#gl;
    const ratio = devicePixelRatio;
    const { width, height } = this.#canvas;
    gl.viewport(0, 0, width, height);
    gl.clearColor(0.09, 0.1, 0.12, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (this.#texture === undefined) return;
    const values: Record<string, number | [number, number]> = {
      centre: [centre.x, centre.y],
      screen: [width, height],
      size: [this.#size.width, this.#size.height],
      whole: [this.#size.width, this.#size.height],
      origin: 0,
      zoom: zoom * ratio,
      ratio,
      ...look,
      invert: look.invert ? 1 : 0,
      marks: 1,
      heat: look.heat ?? 0,
      bare: 0,
    };
    gl.bindVertexArray(this.#empty);
    if (!look.bare) {
      gl.bindTexture(gl.TEXTURE_2D, this.#texture);
      use(gl, this.#picture, values);
      gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    }
    if (this.#layer !== undefined && look.heat) {
      const { texture, origin, size } = this.#layer;
      gl.bindTexture(gl.TEXTURE_2D, texture);
      use(gl, this.#heat, { ...values, origin, size: [size.width, size.height] });
      gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    }
    if (!look.marks) return;
    for (const { program, array, count } of [this.#lines, this.#rings]) {
      if (count === 0) continue;
      use(gl, program, values);
      gl.bindVertexArray(array);
      gl.drawElements(gl.TRIANGLES, 6 * count, gl.UNSIGNED_INT, 0);
    }
  }
}

/** Greys as a texture; `magnify` is how one is drawn that is larger than a pixel of the screen. */
function textureOf(
  gl: Gl,
  { width, height }: Size,
  pixels: Uint8Array,
  magnify: number,
): WebGLTexture {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8, width, height, 0, gl.RED, gl.UNSIGNED_BYTE, pixels);
  gl.generateMipmap(gl.TEXTURE_2D);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_LINEAR);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, magnify);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  return texture;
}

function programOf(gl: Gl, vertex: string, fragment: string): WebGLProgram {
  const program = gl.createProgram()!;
  for (const [type, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
    const shader = gl.createShader(type as number)!;
    gl.shaderSource(shader, source as string);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    throw new Error(`A shader does not fit this browser: ${gl.getProgramInfoLog(program)}`);
  }
  return program;
}

/** Sets those values that a program knows. */
function use(
  gl: Gl,
  program: WebGLProgram,
  values: Record<string, number | [number, number]>,
): void {
  gl.useProgram(program);
  for (const [name, value] of Object.entries(values)) {
    const place = gl.getUniformLocation(program, name);
    if (place === null) continue;
    if (typeof value === "number") gl.uniform1f(place, value);
    else gl.uniform2f(place, ...value);
  }
}

function rectanglesOf(
  gl: Gl,
  program: WebGLProgram,
  parts: [name: string, numbers: number][],
): Rectangles {
  const array = gl.createVertexArray()!;
  const [numbers, corners] = [gl.createBuffer()!, gl.createBuffer()!];
  gl.bindVertexArray(array);
  gl.bindBuffer(gl.ARRAY_BUFFER, numbers);
  gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, corners);
  const stride = 4 * parts.reduce((sum, [, numbers]) => sum + numbers, 0);
  let offset = 0;
  for (const [name, numbers] of parts) {
    const place = gl.getAttribLocation(program, name);
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, numbers, gl.FLOAT, false, stride, offset);
    offset += 4 * numbers;
  }
  gl.bindVertexArray(null);
  return { program, array, numbers, corners, count: 0 };
}

/** Corners of the two triangles of a rectangle. */
const TRIANGLES = [0, 1, 2, 2, 1, 3];

/** Takes the numbers of every rectangle. */
function fill(gl: Gl, rectangles: Rectangles, all: readonly (readonly number[])[]): void {
  const size = all[0]?.length ?? 0;
  const values = new Float32Array(4 * size * all.length);
  const corners = new Uint32Array(6 * all.length);
  all.forEach((numbers, i) => {
    for (let corner = 0; corner < 4; corner++) values.set(numbers, (4 * i + corner) * size);
    TRIANGLES.forEach((corner, at) => corners[6 * i + at] = 4 * i + corner);
  });
  gl.bindVertexArray(rectangles.array);
  gl.bindBuffer(gl.ARRAY_BUFFER, rectangles.numbers);
  gl.bufferData(gl.ARRAY_BUFFER, values, gl.DYNAMIC_DRAW);
  gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, corners, gl.DYNAMIC_DRAW);
  gl.bindVertexArray(null);
  rectangles.count = all.length;
}
