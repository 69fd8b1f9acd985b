import { type ImageDetector, type Model, SIZE_UNIT, toCell } from "../../lib/centernet/mod.ts";
import { random } from "../../lib/core/mod.ts";
import { writeMrc } from "../../lib/io/mod.ts";
import { Picker } from "../../lib/picking/mod.ts";
import { toNetwork } from "../../lib/preprocess/mod.ts";
import { freshModel } from "./_model.ts";

/** Side of the micrographs. */
export const SIDE = 400;

/** An object that the network sees, in micrograph pixels. */
export interface Seen {
  x: number;
  y: number;
  score: number;
  diameter: number;
}

/** A picker whose network sees the same objects in every image and counts the images. */
export class CountingPicker extends Picker {
  /** Images so far. */
  images = 0;

  constructor(objects: Seen[], changes: Partial<Model>) {
    const detector: ImageDetector = {
      detect: (_pixels, height, width) => {
        this.images++;
        return Promise.resolve(mapsOf(objects, height / 4, width / 4));
      },
      [Symbol.dispose]() {},
    };
    super(freshModel(changes), { name: "wasm", title: "test" }, detector);
  }
}

function mapsOf(objects: Seen[], height: number, width: number) {
  const values = new Float32Array(height * width * 4);
  for (const object of objects) {
    const { x, y, diameter } = toNetwork(object, { scale: SIDE / 1024 });
    const [column, row] = [Math.round(toCell(x)), Math.round(toCell(y))];
    const size = Math.log(diameter / SIZE_UNIT);
    const offset = [toCell(x) - column, toCell(y) - row];
    values.set([object.score, ...offset, size], (row * width + column) * 4);
  }
  return { values, height, width, channels: 4 };
}

/** Objects all over a micrograph, of all scores and of diameters from 10 to 30. */
export function scattered(seed: number): Seen[] {
  const stream = random(seed);
  return Array.from({ length: 60 }, () => ({
    x: stream.between(5, SIDE - 5),
    y: stream.between(5, SIDE - 5),
    score: stream.between(0.02, 0.99),
    diameter: stream.between(10, 30),
  }));
}

/** Points along two crossing fibers; the score falls from one end to the other. */
export function alongFibers(): Seen[] {
  const [count, stream] = [58, random(5)];
  return Array.from({ length: count }, (_, i) => {
    const at = i / (count - 1);
    const [diameter, score] = [12.3456, 0.95 - 0.9 * at + stream.between(0, 0.05)];
    const bend = 8 * Math.sin(3 * at);
    return [
      { x: 30 + 340 * at, y: 60 + 140 * at + bend, score, diameter },
      { x: 200 - 20 * at + bend, y: 30 + 340 * at, score, diameter },
    ];
  }).flat();
}

/** A folder with so many micrographs in `mics`. */
export async function micrographFolder(count: number): Promise<string> {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/mics`);
  for (let i = 0; i < count; i++) {
    const pixels = Float32Array.from({ length: SIDE * SIDE }, (_, j) => (j + i) % 7);
    await writeMrc(`${folder}/mics/m${i}.mrc`, {
      width: SIDE,
      height: SIDE,
      pixels,
      pixelSizeA: 4,
    });
  }
  return folder;
}
