/** A map in main memory. */
export interface MapValues {
  /** Row-major. */
  values: Float32Array;
  /** Channels, which lie side by side. */
  channels: number;
}

/**
 * The peaks of the first map's first channel that reach `least`, and what all maps say there.
 *
 * @returns Row-major `[height, width, channels of all maps]`, 0 at all other cells.
 */
export function peaksIn(
  maps: MapValues[],
  height: number,
  width: number,
  least: number,
): Float32Array {
  const [{ values: score }] = maps;
  const channels = maps.reduce((sum, map) => sum + map.channels, 0);
  const peaks = new Float32Array(height * width * channels);
  for (let cell = 0; cell < height * width; cell++) {
    if (score[cell] < least || !isPeak(score, cell, height, width)) continue;
    let to = cell * channels;
    for (const { values, channels } of maps) {
      peaks.set(values.subarray(cell * channels, (cell + 1) * channels), to);
      to += channels;
    }
  }
  return peaks;
}

function isPeak(score: Float32Array, cell: number, height: number, width: number): boolean {
  const [y, x] = [Math.floor(cell / width), cell % width];
  for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
    for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
      if (score[row * width + column] > score[cell]) return false;
    }
  }
  return true;
}
