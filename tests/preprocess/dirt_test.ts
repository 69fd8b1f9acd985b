import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import type { Micrograph } from "../../lib/core/mod.ts";
import { readDataset, readMicrograph } from "../../lib/io/mod.ts";
import { preprocess } from "../../lib/preprocess/mod.ts";
import { presetNamed, recipeOf, type Scene, simulateMicrograph } from "../../lib/simulation/mod.ts";

const DATA = fromFileUrl(new URL("../../../shared/data", import.meta.url));
const ignore = !await Deno.stat(DATA).then(() => true, () => false);

function dirtOf(micrograph: Micrograph, diameter: number): number | undefined {
  return preprocess(micrograph, { view: "particle", diameter }).dirt;
}

/** A simulated micrograph, its particles' diameter and the part that carbon and frost cover. */
function simulated(name: string, dirt: { carbonEdge?: boolean; iceCrystals?: number }) {
  const dataset = presetNamed("demo").find((one) => one.name === name)!;
  const { micrograph, scene } = simulateMicrograph({
    ...recipeOf(dataset, 0, { seed: 1 }),
    ...dirt,
  });
  return {
    micrograph,
    diameter: scene.particles[0].diameter,
    covered: coveredBy(scene, micrograph),
  };
}

function coveredBy({ hole, crystals }: Scene, { width, height }: Micrograph): number {
  let count = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const isCarbon = hole !== undefined && Math.hypot(x - hole.x, y - hole.y) > hole.radius;
      const isFrost = crystals.some((one) => Math.hypot(x - one.x, y - one.y) < one.diameter / 2);
      if (isCarbon || isFrost) count++;
    }
  }
  return count / (width * height);
}

for (const name of ["apoferritin", "ribosome-80s", "beta-galactosidase", "cng-channel"]) {
  Deno.test(`of ${name} the part under carbon and frost is dirt, and nothing else`, () => {
    for (const dirt of [{}, { carbonEdge: true }, { iceCrystals: 8 }]) {
      const { micrograph, diameter, covered } = simulated(name, dirt);
      const found = dirtOf(micrograph, diameter);
      assertAlmostEquals(found!, covered, 0.035, `${JSON.stringify(dirt)}: ${found}`);
    }
  });
}

Deno.test("a ramp and gain are no dirt, and move carbon's part hardly", () => {
  for (const dirt of [{}, { carbonEdge: true }]) {
    const { micrograph, diameter } = simulated("ribosome-80s", dirt);
    const { width, pixels } = micrograph;
    const mean = pixels.reduce((a, b) => a + b) / pixels.length;
    const sigma = Math.sqrt(pixels.reduce((sum, v) => sum + (v - mean) ** 2, 0) / pixels.length);
    const ramped = pixels.map((value, i) => 3 * (value + 2 * sigma * (i % width) / width));
    const plain = dirtOf(micrograph, diameter)!;
    assertAlmostEquals(dirtOf({ ...micrograph, pixels: ramped }, diameter)!, plain, 0.02);
  }
});

Deno.test("borders without values are no dirt; of a small image nothing is said", () => {
  const { micrograph, diameter } = simulated("beta-galactosidase", {});
  const { width } = micrograph;
  const pixels = micrograph.pixels.map((value, i) => i % width < 200 ? NaN : value);
  assertAlmostEquals(dirtOf({ ...micrograph, pixels }, diameter)!, 0, 0.01);
  const constant = { ...micrograph, pixels: new Float32Array(micrograph.pixels.length) };
  assertEquals(dirtOf(constant, diameter), undefined); // all of it is border
  assertEquals(dirtOf(micrograph, 200), undefined);
});

Deno.test({
  name: "dirt of a real ice crystal is what the mask beside it marks",
  ignore,
  async fn() {
    const [{ name }] = [...Deno.readDirSync(`${DATA}/contamination/micrographs`)];
    const micrograph = await readMicrograph(`${DATA}/contamination/micrographs/${name}`);
    const mask = await readMicrograph(`${DATA}/contamination/mask.mrc`);
    const marked = mask.pixels.reduce((sum, value) => sum + value, 0) / mask.pixels.length;
    for (const diameter of [20, 40, 60]) {
      assertAlmostEquals(dirtOf(micrograph, diameter)!, marked, 0.03);
    }
  },
});

for (const name of ["bgal", "ribosome", "trpv1", "apoferritin"]) {
  Deno.test({
    name: `real micrographs to learn from are clean: ${name}`,
    ignore,
    async fn() {
      const { entries, split, diameterA } = await readDataset(`${DATA}/${name}`);
      for (const entry of entries.filter((one) => split.train.includes(one.name)).slice(0, 4)) {
        const micrograph = await readMicrograph(entry.micrographPath);
        const dirt = dirtOf(micrograph, diameterA! / micrograph.pixelSizeA!);
        assert(dirt! < 0.02, `${entry.name}: ${dirt}`);
      }
    },
  });
}
