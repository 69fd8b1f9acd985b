/// <reference lib="dom" />
import { type Gl, programOf, type Shaders, textureOf, use, type Values } from "./gl.ts";
import type { Size } from "./viewport.ts";

/** An image that lies over the micrograph. */
export class ImageLayer {
  readonly #gl: Gl;
  readonly #program: WebGLProgram;
  readonly #magnify: number;
  readonly #corners: WebGLVertexArrayObject;
  #texture: WebGLTexture | undefined;
  #place: { origin: number; size: Size } = { origin: 0, size: { width: 1, height: 1 } };

  /** `magnify` is how a pixel is drawn that is larger than one of the screen. */
  constructor(gl: Gl, shaders: Shaders, magnify: number) {
    this.#gl = gl;
    this.#program = programOf(gl, shaders);
    this.#magnify = magnify;
    this.#corners = gl.createVertexArray()!; // the program makes them of their numbers
  }

  /** Whether there is one. */
  get isThere(): boolean {
    return this.#texture !== undefined;
  }

  /** Columns and rows of the micrograph under it. */
  get size(): readonly [number, number] {
    return [this.#place.size.width, this.#place.size.height];
  }

  /** Takes greys, each of which stands for `step` pixels of the micrograph, from `origin` on. */
  set(
    image: Size & { pixels: Uint8Array },
    { step, origin = 0 }: { step: number; origin?: number },
  ): void {
    this.clear();
    this.#texture = textureOf(this.#gl, image, image.pixels, this.#magnify);
    this.#place = { origin, size: { width: image.width * step, height: image.height * step } };
  }

  /** Forgets it. */
  clear(): void {
    if (this.#texture) this.#gl.deleteTexture(this.#texture);
    this.#texture = undefined;
  }

  /** Draws it. */
  draw(values: Values): void {
    const gl = this.#gl;
    gl.bindVertexArray(this.#corners);
    gl.bindTexture(gl.TEXTURE_2D, this.#texture!);
    use(gl, this.#program, { ...values, origin: this.#place.origin, size: this.size });
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }
}
