/// <reference lib="dom" />
import { type Gl, programOf, type Shaders, use, type Values } from "./gl.ts";

/** Corners of the two triangles of a rectangle. */
const TRIANGLES = [0, 1, 2, 2, 1, 3];

/**
 * Rectangles that are drawn at once. Their numbers lie there once for each corner, for many small
 * instances are slow in software.
 */
export class Rectangles {
  readonly #gl: Gl;
  readonly #program: WebGLProgram;
  readonly #array: WebGLVertexArrayObject;
  readonly #numbers: WebGLBuffer;
  #count = 0;

  /** `parts` are the program's attributes, and how many numbers of a rectangle each takes. */
  constructor(gl: Gl, shaders: Shaders, parts: readonly [name: string, numbers: number][]) {
    this.#gl = gl;
    this.#program = programOf(gl, shaders);
    this.#array = gl.createVertexArray()!;
    gl.bindVertexArray(this.#array);
    this.#numbers = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#numbers);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
    const stride = 4 * parts.reduce((sum, [, numbers]) => sum + numbers, 0);
    let offset = 0;
    for (const [name, numbers] of parts) {
      const place = gl.getAttribLocation(this.#program, name);
      gl.enableVertexAttribArray(place);
      gl.vertexAttribPointer(place, numbers, gl.FLOAT, false, stride, offset);
      offset += 4 * numbers;
    }
    gl.bindVertexArray(null);
  }

  /** Takes the numbers of every rectangle. */
  set(all: readonly (readonly number[])[]): void {
    const gl = this.#gl;
    const size = all[0]?.length ?? 0;
    const values = new Float32Array(4 * size * all.length);
    const corners = new Uint32Array(6 * all.length);
    all.forEach((numbers, i) => {
      for (let corner = 0; corner < 4; corner++) values.set(numbers, (4 * i + corner) * size);
      TRIANGLES.forEach((corner, at) => corners[6 * i + at] = 4 * i + corner);
    });
    gl.bindVertexArray(this.#array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#numbers);
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.DYNAMIC_DRAW);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, corners, gl.DYNAMIC_DRAW);
    gl.bindVertexArray(null);
    this.#count = all.length;
  }

  /** Draws them. */
  draw(values: Values): void {
    if (this.#count === 0) return;
    use(this.#gl, this.#program, values);
    this.#gl.bindVertexArray(this.#array);
    this.#gl.drawElements(this.#gl.TRIANGLES, 6 * this.#count, this.#gl.UNSIGNED_INT, 0);
  }
}
