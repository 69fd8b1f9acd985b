import { type MapValues, peaksIn } from "../backend/mod.ts";
import { OUTPUT_STRIDE } from "./config.ts";
import { MIN_SCORE } from "./decode.ts";
import type { Ways } from "./detector.ts";
import type { RunNetwork } from "./tiles.ts";

/**
 * What a network says of every cell of an image, in main memory: probabilities, offsets (two channels)
 * and, where the model has them, sizes.
 */
export type SeeImage = (...image: Parameters<RunNetwork>) => MapValues[] | Promise<MapValues[]>;

/** Runs a network that answers in main memory: sees an image so often and reads the peaks. */
export function peaksOf(see: SeeImage, ways: Ways): RunNetwork {
  return async (pixels, height, width) => {
    const maps = await see(pixels, height, width);
    if (ways === 2) averageTurned(maps, await see(pixels.toReversed(), height, width));
    const [rows, columns] = [height / OUTPUT_STRIDE, width / OUTPUT_STRIDE];
    const values = peaksIn(maps, rows, columns, Math.fround(MIN_SCORE));
    return { values, height: rows, width: columns, channels: values.length / (rows * columns) };
  };
}

/** Averages maps with those of the image turned by half a turn, whose last cell is the first here. */
function averageTurned(maps: MapValues[], turned: MapValues[]): void {
  for (const [m, { values, channels }] of maps.entries()) {
    const sign = m === 1 ? -1 : 1; // offsets point the other way
    const other = turned[m].values;
    for (let from = 0; from < values.length; from += channels) {
      const to = values.length - channels - from;
      for (let c = 0; c < channels; c++) {
        values[from + c] = (values[from + c] + sign * other[to + c]) / 2;
      }
    }
  }
}
