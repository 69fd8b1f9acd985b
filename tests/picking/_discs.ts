import { join } from "@std/path";
import { startBackend } from "../../lib/backend/mod.ts";
import type { ImageDetector } from "../../lib/centernet/mod.ts";
import { type Micrograph, random } from "../../lib/core/mod.ts";
import { writeMrc } from "../../lib/io/mod.ts";
import { Picker } from "../../lib/picking/mod.ts";
import { VIEW_VERSIONS } from "../../lib/preprocess/mod.ts";
import { freshModel } from "./_model.ts";

/** Radius of the discs that the detector below knows, in cells of 4 network pixels. */
const RADIUS = 5;

/**
 * Knows dark discs of 40 network pixels and no others: a place scores by how dark its disc is and how
 * bright the ring around it.
 */
const disc: ImageDetector = {
  detect(pixels, height, width) {
    const [rows, columns] = [height / 4, width / 4];
    const cells = new Float32Array(rows * columns);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const value = pixels[y * width + x];
        cells[(y >> 2) * columns + (x >> 2)] += value < -1.7 ? 0 : value / 16; // black is outside
      }
    }
    const reach = RADIUS + 3;
    const answer = new Float32Array(rows * columns);
    for (let row = reach; row < rows - reach; row++) {
      for (let column = reach; column < columns - reach; column++) {
        const [sums, counts] = [[0, 0], [0, 0]];
        for (let v = -reach; v <= reach; v++) {
          for (let u = -reach; u <= reach; u++) {
            const distance = Math.hypot(u, v);
            if (distance > reach) continue;
            const ring = distance > RADIUS + 0.5 ? 1 : 0;
            sums[ring] += cells[(row + v) * columns + column + u];
            counts[ring]++;
          }
        }
        answer[row * columns + column] = sums[1] / counts[1] - sums[0] / counts[0];
      }
    }
    const values = new Float32Array(3 * rows * columns);
    for (let row = 1; row < rows - 1; row++) {
      for (let column = 1; column < columns - 1; column++) {
        const at = row * columns + column;
        const around = [-1, 0, 1].flatMap((v) =>
          [-1, 0, 1].map((u) => answer[at + v * columns + u])
        );
        if (answer[at] < Math.max(...around)) continue;
        values[3 * at] = Math.max(0, Math.min(0.99, 0.8 * answer[at]));
      }
    }
    return Promise.resolve({ values, height: rows, width: columns, channels: 3 });
  },
  [Symbol.dispose]() {},
};

/** Discs on a grid with noise, `sign` −1 for dark ones; and where they are. */
export function scene(diameter: number, sign = -1, size = 512) {
  const stream = random(4);
  const step = 3 * diameter;
  const count = Math.ceil((size - diameter) / step) - 1;
  const places: { x: number; y: number }[] = [];
  for (let y = step; y < size - diameter; y += step) {
    for (let x = step; x < size - diameter; x += step) places.push({ x, y });
  }
  const pixels = new Float32Array(size * size);
  for (let y = 0, at = 0; y < size; y++) {
    for (let x = 0; x < size; x++, at++) {
      const near = (value: number) => {
        return step * Math.max(1, Math.min(count, Math.round(value / step)));
      };
      const isDisc = Math.hypot(x - near(x), y - near(y)) < diameter / 2;
      pixels[at] = (isDisc ? sign : 0) + 0.3 * stream.normal();
    }
  }
  const micrograph: Micrograph = { name: "discs", width: size, height: size, pixels };
  return { micrograph, places };
}

/** A picker of the view `particle` that knows discs. */
export async function discPicker(): Promise<Picker> {
  const model = freshModel({ preprocess: VIEW_VERSIONS.particle, threshold: 0.5, diameter: 40 });
  return new Picker(model, await startBackend("cpu"), disc);
}

/** Writes `m0.mrc` and so on, by turns of discs of 18 and 36 pixels: looks at some of them differ. */
export async function writeUnlikeDiscs(folder: string, count: number): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (let i = 0; i < count; i++) {
    const { micrograph } = scene(i % 2 === 0 ? 18 : 36, -1, 300);
    await writeMrc(join(folder, `m${i}.mrc`), micrograph);
  }
}
