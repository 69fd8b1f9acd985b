import { type ImageDetector, toCell } from "../../lib/centernet/mod.ts";
import { distance, type Mode, type Point } from "../../lib/core/mod.ts";
import { Picker } from "../../lib/picking/mod.ts";
import { toNetwork } from "../../lib/preprocess/mod.ts";
import { freshModel } from "./_model.ts";

/** Edge of the image that is seen. */
export const SIDE = 400;
/** Ends of two crossing fibers, in micrograph pixels. */
export const FIBERS: [Point, Point][] = [
  [{ x: 30, y: 60 }, { x: 370, y: 200 }],
  [{ x: 200, y: 30 }, { x: 180, y: 370 }],
];

/** A detector that sees points on the fibers, whatever the image, and says that they are 32 wide. */
function seeing(fibers: [Point, Point][]): ImageDetector {
  return {
    detect(_pixels, height, width) {
      const [rows, columns, channels] = [height / 4, width / 4, 4];
      const values = new Float32Array(rows * columns * channels);
      for (const [from, to] of fibers) {
        const count = Math.round(distance(from, to) / 6);
        for (let i = 0; i <= count; i++) {
          const along = {
            x: from.x + (to.x - from.x) * i / count,
            y: from.y + (to.y - from.y) * i / count,
          };
          const { x, y } = toNetwork(along, { scale: SIDE / 1024 });
          const [column, row] = [Math.round(toCell(x)), Math.round(toCell(y))];
          values.set(
            [0.8, toCell(x) - column, toCell(y) - row, 0],
            (row * columns + column) * channels,
          );
        }
      }
      return Promise.resolve({ values, height: rows, width: columns, channels });
    },
    [Symbol.dispose]() {},
  };
}

/** A picker that sees them. */
export function fiberPicker(mode: Mode = "fiber", fibers = FIBERS): Picker {
  return new Picker(freshModel({ mode }), { name: "onnx", title: "test" }, seeing(fibers));
}
