import { assertGreater, assertLess, assertLessOrEqual } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { layoutOf, type Model, readModel, writeModel } from "../../lib/centernet/mod.ts";
import { type Micrograph, random } from "../../lib/core/mod.ts";
import { entriesOf, readDataset, readMicrograph } from "../../lib/io/mod.ts";
import {
  loadPicker,
  openPicker,
  type Picker,
  type PickResult,
  SHIPPED_MODEL,
} from "../../lib/picking/mod.ts";
import { demoMicrographs } from "../../lib/simulation/mod.ts";

const DATA = fromFileUrl(new URL("../../../shared/data", import.meta.url));
const hasData = await Deno.stat(DATA).then(() => true, () => false);

/** By so much scores, and centres in pixels of the micrograph, may differ. */
const MOST = { score: 0.005, centre: 0.05 };

/**
 * The model that ships, its filters with bits beyond float16: what lies in its file may have been
 * rounded, and is what these round to.
 */
async function withAllBits(): Promise<Model> {
  const { model } = await readModel(SHIPPED_MODEL);
  const parameters = model.weights.parameters.slice();
  const stream = random(16);
  for (const { shape, offset, length } of layoutOf(model.config).parameters) {
    if (shape.length === 1) continue;
    for (let i = offset; i < offset + length; i++) {
      parameters[i] *= 1 + 2 ** -12 * (2 * stream.uniform() - 1);
    }
  }
  return { ...model, weights: { ...model.weights, parameters } };
}

/** A picker of the whole model, and one of the same in float16. */
async function bothPickers(): Promise<[Picker, Picker]> {
  const path = await Deno.makeTempFile();
  const model = await withAllBits();
  await writeModel(path, model, { half: true });
  const whole = await openPicker(model, "wasm");
  const half = await loadPicker({ model: path, backend: "wasm" });
  await Deno.remove(path);
  return [whole, half];
}

/**
 * Fails where a pick of one is no candidate of the other, with its score and at its place. Where two
 * candidates of one particle score alike, rounding decides which of them is kept: one in 100 may move.
 */
function assertAmong({ picks, threshold }: PickResult, { candidates, diameter }: PickResult): void {
  const sure = picks.filter(({ score }) => score > threshold + MOST.score);
  assertGreater(sure.length, 20);
  const moves = sure.map((pick) => {
    const alike = candidates.filter(({ score }) => Math.abs(score - pick.score) < MOST.score);
    return Math.min(...alike.map(({ x, y }) => Math.hypot(x - pick.x, y - pick.y)));
  });
  assertLess(Math.max(...moves), diameter / 4);
  assertLessOrEqual(moves.filter((move) => move > MOST.centre).length, sure.length / 100);
}

async function assertSamePicks(micrograph: Micrograph, options: { diameterA?: number } = {}) {
  const pickers = await bothPickers();
  const [a, b] = [
    await pickers[0].pick(micrograph, options),
    await pickers[1].pick(micrograph, options),
  ];
  pickers.forEach((picker) => picker[Symbol.dispose]());
  assertAmong(a, b);
  assertAmong(b, a);
}

for (const { micrograph } of demoMicrographs()) {
  Deno.test(`float16 gives the same picks of simulated ${micrograph.name}`, async () => {
    await assertSamePicks(micrograph);
  });
}

for (const name of ["bgal", "ribosome", "trpv1", "apoferritin"]) {
  const title = `float16 gives the same picks of real ${name}`;
  Deno.test(title, { ignore: !hasData }, async () => {
    const dataset = await readDataset(join(DATA, name));
    const { diameterA } = dataset;
    const [{ micrographPath }] = entriesOf(dataset, "test");
    await assertSamePicks(await readMicrograph(micrographPath), { diameterA });
  });
}
