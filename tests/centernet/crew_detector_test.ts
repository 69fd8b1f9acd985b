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
import { PackedFilters } from "../../lib/centernet/packed_filters.ts";
import { assertClose, testOnBackends } from "../_backends.ts";
import { formulaModel } from "../onnx/_model.ts";

type Shape = [number, number, number, number];

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

Deno.test("filters are packed by eights, with zeros for channels that there are not", () => {
  using crew = new Crew(1);
  const [cin, cout, taps] = [4, 10, 9];
  const filter = Float32Array.from({ length: taps * cin * cout }, (_, i) => i + 1);
  const bias = Float32Array.from({ length: cout }, (_, i) => -i - 1);
  const folded = new Map([["a", { shape: [3, 3, cin, cout] as Shape, filter, bias }]]);
  const { filter: at, channels } = new PackedFilters(crew, folded).take("a", 8, false);
  assertEquals(channels, 16);
  const packed = crew.floats(at, (taps * 8 + 1) * 16);
  for (let co = 0; co < 16; co++) {
    const block = packed.subarray((co >> 3) * (taps * 8 + 1) * 8);
    assertEquals(block[co & 7], co < cout ? bias[co] : 0);
    for (let row = 0; row < taps * 8; row++) {
      const [tap, ci] = [row >> 3, row & 7];
      const expected = co < cout && ci < cin ? filter[(tap * cin + ci) * cout + co] : 0;
      assertEquals(block[(row + 1) * 8 + (co & 7)], expected);
    }
  }
});
