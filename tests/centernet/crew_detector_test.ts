import { assert, assertEquals } from "@std/assert";
import { Crew } from "../../lib/backend/mod.ts";
import {
  Detector,
  LIGHT,
  type Model,
  type NetworkConfig,
  openCrewDetector,
  type OutputMaps,
} from "../../lib/centernet/mod.ts";
import { random } from "../../lib/core/mod.ts";
import { assertClose, testOnBackends } from "../_backends.ts";
import { formulaModel } from "../onnx/_model.ts";

const SIZES = [[32, 32], [64, 96], [160, 32], [224, 288]] as const;

const CONFIGS: NetworkConfig[] = [
  { width: 0.125, headWidth: 12, size: true },
  { width: 0.125, headWidth: 16, size: false },
  LIGHT,
];

function noise(height: number, width: number): Float32Array {
  const stream = random(5);
  return Float32Array.from({ length: height * width }, () => stream.normal());
}

function channelOf({ values, channels }: OutputMaps, channel: number): Float32Array {
  return values.filter((_, i) => i % channels === channel);
}

testOnBackends("a crew sees what TensorFlow.js does", async (backend) => {
  for (const config of CONFIGS) {
    const model = formulaModel(config);
    using crew = openCrewDetector(model);
    using detector = new Detector(model);
    for (const [height, width] of SIZES) {
      const image = noise(height, width);
      const found = await crew.detect(image, height, width);
      const expected = await detector.detect(image, height, width);
      assertEquals({ ...found, values: [] }, { ...expected, values: [] });
      for (let channel = 0; channel < found.channels; channel++) {
        const what = `channel ${channel} of ${height} × ${width}`;
        const [some, same] = [found, expected].map((maps) => channelOf(maps, channel));
        assert(some.some(Boolean), what);
        if (backend === "wasm" && channel > 0) assertEquals(some, same, what); // its kernels
        else assertClose(some, same, 1e-4, what);
      }
    }
  }
}, ["cpu", "wasm"]);

Deno.test("the number of threads changes no bit, nor do images before", async () => {
  const model: Model = formulaModel(LIGHT);
  const found: OutputMaps[][] = [];
  for (const threads of [1, 2, 3]) {
    const crew = new Crew(threads);
    using detector = openCrewDetector(model, crew);
    while (crew.present < threads) await new Promise((done) => setTimeout(done, 1));
    const maps: OutputMaps[] = [];
    for (const [height, width] of [...SIZES, ...SIZES.toReversed()]) {
      maps.push(await detector.detect(noise(height, width), height, width));
    }
    assertEquals(maps.toReversed(), maps);
    found.push(maps);
  }
  assertEquals(found[1], found[0]);
  assertEquals(found[2], found[0]);
});
