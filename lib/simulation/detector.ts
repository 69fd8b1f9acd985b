/** The kernel ends at this many standard deviations. */
const REACH_SIGMAS = 3;

/**
 * Spreads what every pixel received over its neighbours, as a detector does: a separable Gaussian.
 *
 * At borders the weights of the pixels that exist are renormalised. The image is changed in place.
 *
 * @param size Columns and rows.
 * @param sigma Standard deviation in pixels; 0 changes nothing.
 */
export function spreadElectrons(pixels: Float32Array, size: number, sigma: number): void {
  if (sigma === 0) return;
  const reach = Math.ceil(REACH_SIGMAS * sigma);
  const weights = Float64Array.from(
    { length: 2 * reach + 1 },
    (_, i) => Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma)),
  );
  const total = weights.reduce((sum, weight) => sum + weight);
  const kernel = weights.map((weight) => weight / total);
  const line = new Float64Array(size);
  for (let i = 0; i < size; i++) spreadLine(pixels, i * size, 1, line, kernel);
  for (let i = 0; i < size; i++) spreadLine(pixels, i, size, line, kernel);
}

/** Filters one row (stride 1) or column (stride `size`) that begins at `start`. */
function spreadLine(
  pixels: Float32Array,
  start: number,
  stride: number,
  line: Float64Array,
  kernel: Float64Array,
): void {
  const reach = kernel.length >> 1;
  for (let i = 0; i < line.length; i++) line[i] = pixels[start + i * stride];
  for (let i = 0; i < line.length; i++) {
    let sum = 0;
    if (i < reach || i + reach >= line.length) sum = atBorder(line, i, kernel);
    else for (let j = 0; j < kernel.length; j++) sum += kernel[j] * line[i - reach + j];
    pixels[start + i * stride] = sum;
  }
}

/** The weighted mean of the neighbours that exist. */
function atBorder(line: Float64Array, i: number, kernel: Float64Array): number {
  const reach = kernel.length >> 1;
  let [sum, weights] = [0, 0];
  for (let j = Math.max(0, i - reach); j <= Math.min(line.length - 1, i + reach); j++) {
    const weight = kernel[j - i + reach];
    sum += weight * line[j];
    weights += weight;
  }
  return sum / weights;
}
