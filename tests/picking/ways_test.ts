import { assertEquals } from "@std/assert";
import type { ImageDetector, Ways } from "../../lib/centernet/mod.ts";
import { demoMicrographs } from "../../lib/simulation/mod.ts";
import { Picker } from "../../lib/picking/mod.ts";
import { type NetworkView, VIEW_VERSIONS } from "../../lib/preprocess/mod.ts";
import { predictBy } from "../../lib/training/mod.ts";
import { freshModel } from "./_model.ts";

/** A detector that sees nothing and says how it was asked. */
function recording(asked: (Ways | undefined)[]): ImageDetector {
  return {
    detect(_pixels, height, width, ways) {
      asked.push(ways);
      const [rows, columns] = [height / 4, width / 4];
      const values = new Float32Array(3 * rows * columns);
      return Promise.resolve({ values, height: rows, width: columns, channels: 3 });
    },
    [Symbol.dispose]() {},
  };
}

/** A picker of such a detector. */
function pickerOf(view: NetworkView, asked: (Ways | undefined)[]): Picker {
  const model = freshModel({ preprocess: VIEW_VERSIONS[view] });
  return new Picker(model, { name: "cpu", title: "test" }, recording(asked));
}

Deno.test("particles are picked from both ways, a look sees once, the paper's view too", async () => {
  const [{ micrograph, truth: [{ diameter }] }] = demoMicrographs();
  const asked: (Ways | undefined)[] = [];
  using picker = pickerOf("particle", asked);
  await picker.pick(micrograph, { look: { diameter, contrast: "dark", doubts: [] } });
  using paper = pickerOf("paper", asked);
  await paper.pick(micrograph);
  assertEquals(asked, [2, 1]);
  asked.length = 0;
  await picker.look([micrograph]);
  assertEquals([...new Set(asked)], [undefined]);
});

Deno.test("a model is scored as it picks", async () => {
  const image = {
    ...{ width: 256, height: 256, paddedWidth: 256, paddedHeight: 256, scale: 1 },
    pixels: new Uint8Array(256 * 256).fill(128),
  };
  for (const [view, ways] of [["particle", 2], ["paper", 1]] as const) {
    const asked: (Ways | undefined)[] = [];
    const model = freshModel({ preprocess: VIEW_VERSIONS[view] });
    await predictBy(recording(asked), model, [{ dataset: "a", name: "b", image, objects: [] }]);
    assertEquals(asked, [ways]);
  }
});
