/** A convolution: input, filter, stride, and zero rows and columns before the input. */
export interface PlainShape {
  x: [n: number, h: number, w: number, cin: number];
  filter: [kh: number, kw: number, cin: number, cout: number];
  y: [n: number, h: number, w: number, cout: number];
  stride: number;
  top: number;
  left: number;
}

/** Output and gradients of a convolution, summed term by term in float64. */
export function plainConvolution(
  shape: PlainShape,
  { x, filter, dy }: { x: Float32Array; filter: Float32Array; dy: Float32Array },
): { y: Float64Array; dx: Float64Array; dFilter: Float64Array } {
  const y = new Float64Array(dy.length);
  const dx = new Float64Array(x.length);
  const dFilter = new Float64Array(filter.length);
  visitTerms(shape, (output, input, weight) => {
    y[output] += x[input] * filter[weight];
    dx[input] += dy[output] * filter[weight];
    dFilter[weight] += dy[output] * x[input];
  });
  return { y, dx, dFilter };
}

/** Calls back for every product: y[output] is the sum of x[input] filter[weight]. */
function visitTerms(
  { x: [n, h, w, cin], filter: [kh, kw, , cout], y: [, oh, ow], stride, top, left }: PlainShape,
  visit: (output: number, input: number, weight: number) => void,
): void {
  for (let pixel = 0; pixel < n * oh * ow; pixel++) {
    const [i, oy, ox] = [Math.floor(pixel / ow / oh), Math.floor(pixel / ow) % oh, pixel % ow];
    for (let tap = 0; tap < kh * kw; tap++) {
      const row = oy * stride + Math.floor(tap / kw) - top;
      const column = ox * stride + tap % kw - left;
      if (row < 0 || row >= h || column < 0 || column >= w) continue;
      const at = ((i * h + row) * w + column) * cin;
      for (let ci = 0; ci < cin; ci++) {
        for (let co = 0; co < cout; co++) {
          visit(pixel * cout + co, at + ci, (tap * cin + ci) * cout + co);
        }
      }
    }
  }
}
