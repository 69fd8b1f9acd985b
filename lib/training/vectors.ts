/** Mean of vectors of one length, summed in their order; it takes the place of the first. */
export function meanOf([mean, ...others]: Float32Array[]): Float32Array {
  const count = 1 + others.length;
  for (let i = 0; i < mean.length; i++) mean[i] /= count;
  for (const vector of others) {
    for (let i = 0; i < mean.length; i++) mean[i] += vector[i] / count;
  }
  return mean;
}

/** Shrinks a vector, in place, so that its Euclidean norm is at most `limit`. */
export function clipNorm(vector: Float32Array, limit: number): void {
  let square = 0;
  for (let i = 0; i < vector.length; i++) square += vector[i] * vector[i];
  const factor = Math.min(1, limit / Math.sqrt(square));
  for (let i = 0; i < vector.length; i++) vector[i] *= factor;
}

/** old = decay · old + (1 − decay) · new, in place. */
export function blend(old: Float32Array, fresh: Float32Array, decay: number): void {
  for (let i = 0; i < old.length; i++) old[i] = decay * old[i] + (1 - decay) * fresh[i];
}

/** Whether all values are finite. */
export function isFinite(values: ArrayLike<number>): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += 0 * values[i]; // NaN where one is not
  return sum === 0;
}
