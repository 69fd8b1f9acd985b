import type { OutputMaps, Targets } from "../../lib/centernet/mod.ts";

/** Maps as a perfect network and the peak search after it would give them. */
export function perfectMaps({ heat, offset, size, height, width }: Targets): OutputMaps {
  const values = new Float32Array(height * width * 4);
  heat.forEach((value, cell) => {
    const [row, column] = [Math.floor(cell / width), cell % width];
    let highest = 0;
    for (let r = Math.max(0, row - 1); r <= Math.min(height - 1, row + 1); r++) {
      for (let c = Math.max(0, column - 1); c <= Math.min(width - 1, column + 1); c++) {
        highest = Math.max(highest, heat[r * width + c]);
      }
    }
    const peak = value === highest ? value : 0;
    values.set([peak, offset[2 * cell], offset[2 * cell + 1], size[cell]], 4 * cell);
  });
  return { values, height, width, channels: 4 };
}
