import { assertEquals } from "@std/assert";
import { convolutionsOf, distinct, flopsOf, outputSize } from "../../lib/benchmark/convolutions.ts";
import { FULL, layoutOf, LIGHT } from "../../lib/centernet/mod.ts";
import { assertClose } from "../_backends.ts";

const NETWORKS = { FULL, LIGHT };

/** Network pixels between two neighbouring values of a convolution's output, by its name. */
function strideOf(name: string): number {
  const [first] = name.split(".");
  if (first === "stem" || first === "level0") return 1;
  if (first === "level1") return 2;
  const level = first.match(/^level(\d)$/);
  if (level) return 2 ** Number(level[1]);
  // up1 joins strides 32 and 16; up2 16, 8; up3 8, 4: the convolution before enlarging is coarser
  const up = name.match(/^up(\d)\.\d\.(project|node)$/);
  if (up) return 2 ** (5 - Number(up[1])) * (up[2] === "project" ? 2 : 1);
  if (name === "final.1.project") return 8;
  if (name === "final.2.project") return 16;
  return 4;
}

Deno.test("the recorded convolutions are the filters of the parameter layout, in its order", () => {
  for (const config of Object.values(NETWORKS)) {
    const filters = layoutOf(config).parameters.filter(({ name }) => name.endsWith(".weight"));
    assertEquals(
      convolutionsOf(config, 64).map(({ name, kernel, inChannels, outChannels }) => [
        `${name}.weight`,
        [kernel, kernel, inChannels, outChannels],
      ]),
      filters.map(({ name, shape }) => [name, shape]),
    );
  }
});

Deno.test("the operations are twice the filter's values times the output's cells", () => {
  for (const config of Object.values(NETWORKS)) {
    const filters = layoutOf(config).parameters.filter(({ name }) => name.endsWith(".weight"));
    for (const [i, convolution] of convolutionsOf(config, 512, 3).entries()) {
      const { name, length } = filters[i];
      const cells = 3 * (512 / strideOf(name.slice(0, -".weight".length))) ** 2;
      assertEquals(flopsOf(convolution), 2 * length * cells, name);
    }
  }
});

Deno.test("the operations are those that a plain loop counts", () => {
  for (const [edge, stride, kernel] of [[6, 1, 3], [7, 2, 3], [5, 1, 1], [9, 2, 7]]) {
    const sizes = { batch: 2, height: edge, width: edge + 2, inChannels: 3, outChannels: 4 };
    let multiplications = 0;
    for (let top = 0; top < sizes.height; top += stride) {
      for (let left = 0; left < sizes.width; left += stride) {
        multiplications += kernel * kernel * sizes.inChannels;
      }
    }
    const expected = 2 * sizes.batch * sizes.outChannels * multiplications;
    assertEquals(flopsOf({ ...sizes, kernel, stride }), expected);
  }
});

Deno.test("the full network at 1024 pixels has the operations of its PyTorch twin", () => {
  const flops = convolutionsOf(FULL, 1024).map(flopsOf);
  assertEquals(flops[0], 2 * 1024 * 1024 * 7 * 7 * 1 * 16); // by hand
  // output cells times values of the filters, counted by forward hooks on an independent build
  assertEquals(flops.reduce((sum, one) => sum + one, 0), 220_117_073_920);
});

Deno.test("distinct() merges equal convolutions, loses none, and begins with most work", () => {
  for (const config of Object.values(NETWORKS)) {
    const all = convolutionsOf(config, 1024);
    const merged = distinct(all);
    assertEquals(merged.reduce((sum, { count }) => sum + count, 0), all.length);
    const work = merged.map((sizes) => sizes.count * flopsOf(sizes));
    const total = all.reduce((sum, sizes) => sum + flopsOf(sizes), 0);
    assertClose([work.reduce((sum, flops) => sum + flops, 0)], [total], 1e-12);
    assertEquals(work, work.toSorted((a, b) => b - a));
    const keys = merged.map(({ count: _, ...sizes }) => JSON.stringify(sizes));
    assertEquals(new Set(keys).size, keys.length);
  }
});

Deno.test("every map that the definition joins has the size of its partner", () => {
  const sizes = convolutionsOf(LIGHT, 96).map((sizes) => outputSize(sizes));
  for (const { height, width } of sizes) {
    assertEquals(height, width);
    assertEquals(96 % height, 0);
  }
});
