import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Pick, random } from "../../lib/core/mod.ts";
import { averagePrecision, type EvaluationImage } from "../../lib/evaluation/mod.ts";

interface Golden {
  images: Record<string, EvaluationImage[]>;
  cases: {
    name: string;
    iou: number;
    maxDetections: number;
    ap: number | null;
    ar: number | null;
  }[];
}

const GOLDEN: Golden = JSON.parse(
  await Deno.readTextFile(
    new URL("../fixtures/evaluation/average_precision.json", import.meta.url),
  ),
);

for (const { name, iou, maxDetections, ap, ar } of GOLDEN.cases) {
  Deno.test(`AP and AR are pycocotools': ${name}, IoU ${iou}, ${maxDetections} picks`, () => {
    const result = averagePrecision(GOLDEN.images[name], {
      iou,
      maxDetections,
      sized: true,
    });
    assertAlmostEquals(result.ap, ap ?? NaN, 1e-12);
    assertAlmostEquals(result.ar, ar ?? NaN, 1e-12);
  });
}

/** Picks far apart, of which `hits` says which lie on a particle; scores fall along the list. */
function ranked(hits: boolean[], missed = 0): EvaluationImage {
  const place = (i: number) => ({ x: 100 * i, y: 50 });
  const particles = [...hits, ...Array(missed).fill(true)].map((hit, i) => hit ? [place(i)] : []);
  const picks = hits.map((_, i) => ({ ...place(i), score: 1 - i / 1000 }));
  return { name: "ranked", picks, truth: particles.flat(), diameter: 20 };
}

/** AP by its definition: the mean over 101 recalls of the best precision at or beyond each. */
function averageByDefinition(hits: boolean[], missed: number): number {
  const truth = hits.filter(Boolean).length + missed;
  const points = hits.map((_, i) => {
    const correct = hits.slice(0, i + 1).filter(Boolean).length;
    return { recall: correct / truth, precision: correct / (i + 1) };
  });
  let sum = 0;
  for (let k = 0; k <= 100; k++) {
    const least = k < 100 ? k * 0.01 : 1; // numpy's linspace, to the last bit
    const beyond = points.filter(({ recall }) => recall >= least);
    sum += Math.max(0, ...beyond.map(({ precision }) => precision));
  }
  return sum / 101;
}

const HITS = fc.array(fc.boolean(), { minLength: 1, maxLength: 30 });

Deno.test("AP is the mean of the interpolated precision at 101 recalls", () => {
  fc.assert(fc.property(HITS, fc.integer({ min: 1, max: 6 }), (hits, missed) => {
    const { ap, ar } = averagePrecision([ranked(hits, missed)]);
    assertAlmostEquals(ap, averageByDefinition(hits, missed), 1e-12);
    const found = hits.filter(Boolean).length;
    assertEquals(ar, found / (found + missed));
  }));
});

Deno.test("AP of rankings worked out by hand", () => {
  assertAlmostEquals(averagePrecision([ranked([true, false, true])]).ap, (51 + 50 * 2 / 3) / 101);
  assertAlmostEquals(averagePrecision([ranked([false, true])]).ap, 0.5);
  assertAlmostEquals(averagePrecision([ranked([true], 3)]).ap, 26 / 101);
  assertEquals(averagePrecision([ranked([false, false], 1)]), { ap: 0, ar: 0 });
});

Deno.test("perfect picks have AP and AR 1", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 40 }), (count) => {
    assertEquals(averagePrecision([ranked(Array(count).fill(true))]), { ap: 1, ar: 1 });
  }));
});

Deno.test("AP does not fall when a false pick is removed", () => {
  fc.assert(fc.property(HITS, fc.nat(), (hits, which) => {
    const image = ranked(hits, 1);
    const wrong = hits.flatMap((hit, i) => hit ? [] : [i]);
    if (wrong.length === 0) return;
    const picks = image.picks.toSpliced(wrong[which % wrong.length], 1);
    const before = averagePrecision([image]).ap;
    assert(averagePrecision([{ ...image, picks }]).ap >= before - 1e-12);
  }));
});

function crowd(seed: number): EvaluationImage {
  const stream = random(seed);
  const point = (): Pick => ({ x: stream.between(0, 200), y: stream.between(0, 200) });
  const truth = Array.from({ length: 40 }, point);
  const near = truth.map(({ x, y }) => ({
    x: x + 4 * stream.normal(),
    y: y + 4 * stream.normal(),
  }));
  const picks = [...near, ...Array.from({ length: 30 }, point)];
  return {
    name: "crowd",
    picks: picks.map((pick) => ({ ...pick, score: stream.uniform() })),
    truth,
    diameter: 24,
  };
}

Deno.test("with distinct scores AP depends on no order: of picks, truth or micrographs", () => {
  for (let seed = 0; seed < 20; seed++) {
    const images = [crowd(seed), crowd(seed + 100)];
    const { shuffle } = random(seed);
    const shuffled = shuffle(images).map((image) => ({
      ...image,
      picks: shuffle(image.picks),
      truth: shuffle(image.truth),
    }));
    assertEquals(averagePrecision(shuffled), averagePrecision(images));
  }
});

Deno.test("squares of side s match while (s - |dx|)(s - |dy|) is 2/3 of s² or more", () => {
  const ap = (dx: number, dy: number) => {
    const picks = [{ x: 50 + dx, y: 50 + dy }];
    return averagePrecision([{ name: "a", picks, truth: [{ x: 50, y: 50 }], diameter: 30 }]).ap;
  };
  assertEquals([ap(9.99, 0), ap(10.01, 0), ap(5.5, 5.5), ap(5.51, 5.51)], [1, 0, 1, 0]);
});

Deno.test("without truth AP and AR are NaN, null in JSON; without picks they are 0", () => {
  const picks = [{ x: 1, y: 1 }];
  const json = (image: EvaluationImage) => JSON.stringify(averagePrecision([image]));
  assertEquals(json({ name: "a", picks, truth: [], diameter: 9 }), '{"ap":null,"ar":null}');
  assertEquals(json({ name: "a", picks: [], truth: picks, diameter: 9 }), '{"ap":0,"ar":0}');
  assertEquals(averagePrecision([]), { ap: NaN, ar: NaN });
});
