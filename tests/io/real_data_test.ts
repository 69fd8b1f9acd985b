import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import {
  checkInside,
  loadLabels,
  readCoordinates,
  readDataset,
  readMicrograph,
  readMicrographHeader,
} from "../../lib/io/mod.ts";

const DATA = fromFileUrl(new URL("../../../shared/data", import.meta.url));
const ignore = !await Deno.stat(DATA).then(() => true, () => false);

/** Labels and pixel sizes as the data's README counts them. */
const SETS = [
  { name: "bgal", micrographs: 14, labels: 9159, pixelSizeA: 3.54 },
  { name: "ribosome", micrographs: 7, labels: 600, pixelSizeA: 5.36 },
  { name: "trpv1", micrographs: 7, labels: 2139, pixelSizeA: 4.48 },
  { name: "apoferritin", micrographs: 14, labels: 2399, pixelSizeA: 1.5 },
  { name: "liposomes", micrographs: 4, labels: 453, pixelSizeA: undefined },
];

for (const { name, micrographs, labels, pixelSizeA } of SETS) {
  Deno.test({
    name: `readDataset() reads ${name}, whose labels lie on the micrographs`,
    ignore,
    async fn() {
      const { entries, split, warnings } = await readDataset(`${DATA}/${name}`);
      assertEquals([entries.length, warnings], [micrographs, []]);
      assertEquals(split.train.length + split.test.length, micrographs);
      let count = 0;
      for (const entry of entries) {
        const { width, height } = await readMicrographHeader(entry.micrographPath);
        const { inside, outside } = checkInside(await loadLabels(entry), width, height);
        // One label of apoferritin was clicked on the very border, 0.16 pixel beyond it.
        for (const { x, y } of outside) assert(x < width && y < height && x >= -1 && y >= -1);
        count += inside.length + outside.length;
      }
      assertEquals(count, labels);
      const header = await readMicrographHeader(entries[0].micrographPath);
      if (pixelSizeA === undefined) assert(!("pixelSizeA" in header));
      else assertAlmostEquals(header.pixelSizeA!, pixelSizeA, 1e-4);
    },
  });
}

const MEANS = [
  { path: "bgal/micrographs/bgal_15_41_22.mrc", mean: 17.794218 },
  { path: "ribosome/micrographs/ribosome_061.mrc", mean: -28.898594 },
  { path: "apoferritin/micrographs/apo_03-05-02.mrc", mean: 32767.166 },
  { path: "liposomes/micrographs/liposomes_1.mrc", mean: 2.54e-8 },
];

for (const { path, mean } of MEANS) {
  Deno.test({
    name: `readMicrograph() finds the mean that the header of ${path} tells`,
    ignore,
    async fn() {
      const { pixels } = await readMicrograph(`${DATA}/${path}`);
      const found = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
      assertAlmostEquals(found, mean, 1e-3 * Math.max(1, Math.abs(mean)));
    },
  });
}

Deno.test({
  name: "readMicrograph() reads bytes of mode 0 so that neighbours are alike",
  ignore,
  async fn() {
    const { width, pixels } = await readMicrograph(`${DATA}/bgal/micrographs/bgal_14_57_34.mrc`);
    let largest = 0;
    for (let i = 1; i < pixels.length; i++) {
      if (i % width !== 0) largest = Math.max(largest, Math.abs(pixels[i] - pixels[i - 1]));
    }
    assert(largest < 64, `neighbours differ by ${largest}`);
  },
});

Deno.test({
  name: "readMicrograph() reads the PNG, mode 2 and peers' files of the data",
  ignore,
  async fn() {
    const filaments = await readMicrograph(`${DATA}/filaments/micrographs/tf_A.png`);
    assertEquals([filaments.width, filaments.height], [674, 651]);
    const ice = await readMicrograph(`${DATA}/contamination/micrographs/Ucsf_stack_1142_DW.mrc`);
    assertEquals([ice.name, ice.width, ice.height], ["Ucsf_stack_1142_DW", 959, 927]);
    assert(ice.pixels.every(Number.isFinite));
    const peers = await readCoordinates(`${DATA}/bgal/peers/topaz/bgal_15_33_42.csv`);
    assertEquals(peers[0], { x: 1113.75, y: 207.75, score: 7.07 });
  },
});
