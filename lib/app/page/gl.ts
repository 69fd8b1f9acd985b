/// <reference lib="dom" />
import type { Size } from "./viewport.ts";

/** What draws. */
export type Gl = WebGL2RenderingContext;

/** Values of a program, by name. */
export type Values = Readonly<Record<string, number | readonly [number, number]>>;

/** Sources of a program. */
export interface Shaders {
  /** Where the corners lie. */
  vertex: string;
  /** What colour a pixel has. */
  fragment: string;
}

/** WebGL 2 on a canvas. @throws {Error} Where there is none. */
export function glOf(canvas: HTMLCanvasElement): Gl {
  const gl = canvas.getContext("webgl2", { antialias: false, alpha: false, depth: false });
  if (gl === null) throw new Error("This browser has no WebGL 2, which draws the picture.");
  return gl;
}

/** Programs that play GPU on a processor (Chrome, Mesa, Windows). */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|swrast|basic render driver|\bwarp\b/i;

/** Whether a processor draws, and no GPU. */
export function isSoftware(gl: Gl): boolean {
  const names = gl.getExtension("WEBGL_debug_renderer_info");
  return SOFTWARE.test(gl.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER));
}

/** Greys as a texture; `magnify` is how one is drawn that is larger than a pixel of the screen. */
export function textureOf(
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

/** The program of two shaders. @throws {Error} Where the browser does not take them. */
export function programOf(gl: Gl, { vertex, fragment }: Shaders): WebGLProgram {
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

/** Takes a program, and sets those values that it knows. */
export function use(gl: Gl, program: WebGLProgram, values: Values): void {
  gl.useProgram(program);
  for (const [name, value] of Object.entries(values)) {
    const place = gl.getUniformLocation(program, name);
    if (place === null) continue;
    if (typeof value === "number") gl.uniform1f(place, value);
    else gl.uniform2f(place, value[0], value[1]);
  }
}
