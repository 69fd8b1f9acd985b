/** Arithmetic mean, summed in their order; NaN of none. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** The middle value, or the mean of the two middle ones; NaN of none. */
export function median(values: ArrayLike<number>): number {
  const sorted = new Float64Array(values).sort();
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The value below which that share of the values lies: the one of the nearest rank, a half rounded
 * up, so that the quantile 0.5 is the upper of two middle values; NaN of none.
 *
 * @param share From 0, the least value, to 1, the greatest.
 */
export function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = new Float64Array(values).sort();
  return sorted.length === 0 ? NaN : sorted[Math.round(share * (sorted.length - 1))];
}
