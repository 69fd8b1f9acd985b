import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { readModel } from "../../lib/centernet/mod.ts";
import { calibrated, EPickerError, LEAST_PROBABILITY, random } from "../../lib/core/mod.ts";
import {
  calibratedModel,
  calibrationOf,
  FEW,
  fewLabels,
  fewLines,
  loadUnseenData,
  readCalibration,
  runFew,
  runUnseen,
  scoreUnseen,
  type UnseenCell,
  type UnseenData,
  unseenLines,
  unseenMarkdown,
  type UnseenPlan,
} from "../../lib/experiments/mod.ts";
import { writeCoordinates, writeMrc } from "../../lib/io/mod.ts";
import { TINY_RECIPE } from "../continual/_tiny.ts";
import { smallDataset } from "../tasks/_small_dataset.ts";
import { tinyParticles } from "../training/_tiny.ts";

const PLAN: UnseenPlan = {
  name: "tiny",
  kinds: ["a", "b", "c"],
  view: "particle",
  steps: 2,
  recipe: TINY_RECIPE,
  sources: ["real", "both"],
  seeds: [1],
};

const PEER = { name: "x", picks: [{ x: 5, y: 5 }], truth: [{ x: 5, y: 5 }], diameter: 10 };

const DATA: UnseenData = {
  kinds: new Map(PLAN.kinds.map((name, i) => [name, {
    train: [tinyParticles(i, name)],
    validation: [tinyParticles(10 + i, name)],
    test: [tinyParticles(20 + i, name)],
    peers: name === "a" ? [{ picker: "peer", images: [PEER] }] : [],
  }])),
  empty: {
    train: [{ ...tinyParticles(30, "empty"), objects: [] }],
    test: [{ ...tinyParticles(31, "empty"), objects: [] }],
  },
};

const SETTING = { backend: "wasm", workers: 1 } as const;

Deno.test("a model never sees the kind that it leaves out; what was not run says so, and is run later", async () => {
  const out = await Deno.makeTempDir();
  const part = { ...SETTING, out, kinds: ["a"], sources: ["both"] };
  const first = await runUnseen(PLAN, DATA, part);
  const run = first.cells.filter(({ result }) => result !== undefined);
  assertEquals(run.map(({ kind, source }) => [kind, source]), [["a", "both"]]);
  const { hits, ...rest } = run[0].result!;
  const written = JSON.parse(await Deno.readTextFile(join(out, "unseen.json")));
  assertEquals(written.cells[1], { ...run[0], result: rest });
  assertEquals(hits.filter(([, right]) => right === 1).length <= rest.truth, true);
  const file = join(out, "left-out/seed1/a/both/model.safetensors");
  const { model } = await readModel(file);
  assertEquals([model.notes.datasets, model.preprocess], ["b, c", "particle-1"]);
  assertEquals([JSON.parse(model.notes.recipe).madeUp, run[0].result!.truth], [0.3, 6]);
  assert(run[0].result!.empties !== undefined);
  const lines = unseenLines(first);
  assertEquals(lines.map(({ kind, picker, runs }) => [kind, picker, runs]).slice(0, 5), [
    ["a", "learned from real", "not run"],
    ["a", "learned from both", "1 of 1"],
    ["a", "difference of Gaussians", ""],
    ["a", "peer", ""],
    ["b", "learned from real", "not run"],
  ]);
  assertEquals(lines[3].bestF1, 100);
  const { mtime } = await Deno.stat(file);
  const all = await runUnseen(PLAN, DATA, { ...SETTING, out });
  assertEquals((await Deno.stat(file)).mtime, mtime);
  assert(all.cells.every(({ result }) => result !== undefined));
  const again = all.cells.find(({ kind, source }) => kind + source === "aboth")!;
  assertEquals(run[0].result!.calibrated, undefined); // no other kind was there to fit one
  const { calibrated: used, ...same } = again.result!;
  assertEquals(same, run[0].result);
  const options = { ...SETTING, out };
  const made = await calibratedModel({ plan: PLAN, data: DATA, options }, again);
  const others = all.cells.filter(({ kind, source }) => kind !== "a" && source === "both");
  const { slope, shift } = calibrationOf(others)!; // the kind's own picks have no say
  assertEquals([made!.calibration, made!.threshold], [{ slope, shift }, LEAST_PROBABILITY]);
  const line = unseenLines(all)[1];
  assertEquals([line.f1, line.empty], [100 * used!.f1, used!.empties!.mean]);
  const real = await readModel(join(out, "left-out/seed1/b/real/model.safetensors"));
  assertEquals(JSON.parse(real.model.notes.recipe).madeUp, 0);
  assert(unseenMarkdown(all).includes("Calibration"));
  for (
    const [plan, options, text] of [
      [{ ...PLAN, steps: 3 }, part, "a stage of another experiment"],
      [PLAN, { ...part, kinds: ["d"] }, "kinds"],
      [PLAN, { ...part, sources: ["d"] }, "sources"],
      [PLAN, { ...part, seeds: [2] }, "seeds of the plan"],
    ] as const
  ) {
    await assertRejects(
      () => runUnseen(plan, DATA, { ...options, kinds: [...options.kinds] } as typeof part),
      EPickerError,
      text,
    );
  }
  await Deno.remove(out, { recursive: true });
});

Deno.test("scores are those at the own threshold, at the best, and of as many picks as labels", () => {
  const at = (x: number, score: number) => ({ x, y: 50, score });
  const truth = [at(50, 1), at(150, 1)];
  // right, wrong, right, wrong
  const picks = [at(50, 0.9), at(500, 0.7), at(150, 0.5), at(700, 0.2)];
  const score = scoreUnseen([{ name: "i", picks: picks.toReversed(), truth, diameter: 40 }], 0.6);
  assertAlmostEquals(score.f1!, 1 / 2); // one of two picks, one of two particles
  assertAlmostEquals(score.bestF1, 0.8); // two of three picks
  assertAlmostEquals(score.apEqual, 51 / 101); // recalls 0 … .5 at precision 1
  assertAlmostEquals(score.ap, (51 + 50 * 2 / 3) / 101);
  assertEquals(scoreUnseen([{ name: "i", picks, truth, diameter: 40 }]).f1, undefined);
  // a pick in a region that does not count takes no other one's place
  const ignore = [{ x: 505, y: 50, diameter: 60 }];
  assertEquals(scoreUnseen([{ name: "i", picks, truth, diameter: 40, ignore }]).apEqual, 1);
});

/** A cell whose picks are right with the probability of a relation. */
function cellOf(kind: string, count: number, right: (score: number) => number): UnseenCell {
  const stream = random(count);
  const hits = Array.from({ length: count }, (): [number, number] => {
    const score = stream.between(0.02, 0.98);
    return [score, +(stream.uniform() < right(score))];
  });
  const truth = hits.filter(([, hit]) => hit).length;
  const score = { ap: 0, bestF1: 0, apEqual: 0 };
  return { kind, source: "both", seed: 1, result: { score, threshold: 0.5, hits, truth } };
}

Deno.test("a calibration is that by which picks on kinds left out are right", () => {
  const relation = { slope: 2, shift: -1 };
  const right = (score: number) => calibrated(score, relation);
  const cells = [cellOf("a", 3000, right), cellOf("b", 4000, right)];
  const { slope, shift, errors } = calibrationOf([...cells, { ...cells[0], result: undefined }])!;
  assertAlmostEquals(slope, 2, 0.2);
  assertAlmostEquals(shift, -1, 0.15);
  assertEquals(Object.keys(errors), ["a", "b"]);
  assert(Object.values(errors).every((error) => error < 0.03));
  // a kind with many picks counts as one with few
  const uneven = [cellOf("many", 9000, () => 0.1), cellOf("few", 1000, () => 0.9)];
  assertAlmostEquals(calibrated(0.5, calibrationOf(uneven)!), 0.5, 0.05);
  assert(calibrationOf(uneven)!.errors.few > 0.7);
  // its threshold parts right from wrong on the calibrated scale
  const sharp = calibrationOf([cellOf("s", 500, (score) => score > 0.3 ? 1 : 0)])!;
  assert(calibrated(0.28, sharp) < sharp.threshold && sharp.threshold < calibrated(0.32, sharp));
  assertEquals(calibrationOf([]), undefined);
});

Deno.test("a calibration is read from its file, and another file refused", async () => {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(
    path,
    JSON.stringify({ slope: 1, shift: 2, threshold: 0.4, errors: {} }),
  );
  assertEquals(await readCalibration(path), { slope: 1, shift: 2 });
  for (const text of ["{", "{}", '{"slope":-1,"shift":2,"threshold":0.4}']) {
    await Deno.writeTextFile(path, text);
    await assertRejects(() => readCalibration(path), EPickerError, "no calibration");
  }
  await Deno.remove(path);
});

Deno.test("few labels are so many, whole images first, the rest of them sparse", () => {
  const images = [1, 2, 3].map((seed) => tinyParticles(seed, "a")); // three labels each
  const cases: [number, number[], (true | undefined)[]][] = [
    [0, [], []],
    [2, [2], [true]],
    [3, [3], [undefined]],
    [7, [3, 3, 1], [undefined, undefined, true]],
    [50, [3, 3, 3], [undefined, undefined, undefined]],
  ];
  for (const [count, labels, sparse] of cases) {
    const chosen = fewLabels([{ ...images[0], objects: [] }, ...images], count, 5);
    assertEquals(chosen.map(({ objects }) => objects.length), labels);
    assertEquals(chosen.map((image) => image.sparse), sparse);
  }
  const names = new Set(
    Array.from({ length: 20 }, (_, seed) => fewLabels(images, 1, seed)[0].name),
  );
  assertEquals(names.size, 3);
});

Deno.test("few labels begin at the model that has not seen the kind, and at fresh weights", async () => {
  const out = await Deno.makeTempDir();
  const plan = { ...FEW, ...PLAN, labels: [0, 2], fewSteps: { general: 1, fresh: 2 } };
  const few = await runFew(plan, DATA, { ...SETTING, out, kinds: ["b"] });
  const unseen = await runUnseen(PLAN, DATA, { ...SETTING, out, kinds: ["b"], sources: ["both"] });
  const of = (start: string, labels: number) =>
    few.cells.find((cell) => cell.kind === "b" && cell.start === start && cell.labels === labels);
  const left = unseen.cells.find(({ kind, source }) => kind === "b" && source === "both");
  assertEquals(of("general", 0)!.score, left!.result!.score);
  assertEquals(of("fresh", 0), undefined);
  for (const [start, steps] of [["general", "1"], ["fresh", "2"]]) {
    const { model } = await readModel(join(out, `few/seed1/b/${start}-2/model.safetensors`));
    const { notes } = model;
    assertEquals([notes.datasets, notes.step, notes.labels], [
      "b",
      steps,
      "2 on 1 micrographs, sparse",
    ]);
  }
  const runs = fewLines(few).filter(({ kind }) => kind !== "c").map(({ runs }) => runs);
  assertEquals(runs, ["not run", "not run", "not run", "1 of 1", "1 of 1", "1 of 1"]);
  await Deno.remove(out, { recursive: true });
});

Deno.test("kinds are read with their peers, and of every class of empty ones the last is held out", async () => {
  const root = await Deno.makeTempDir();
  await Deno.rename(await smallDataset(), join(root, "a"));
  await writeCoordinates(join(root, "a/peers/other/two.star"), [{ x: 40, y: 60 }]);
  await Deno.mkdir(join(root, "quality/micrographs"), { recursive: true });
  const classes = { hole: ["h1", "h2", "h3"], ice: ["i1", "i2"], great: ["g"] };
  const stream = random(1);
  for (const name of Object.values(classes).flat()) {
    const pixels = Float32Array.from({ length: 256 ** 2 }, () => stream.normal());
    const path = join(root, "quality/micrographs", `${name}.mrc`);
    await writeMrc(path, { width: 256, height: 256, pixels });
  }
  await Deno.writeTextFile(join(root, "quality/dataset.json"), JSON.stringify({ classes }));
  const empty = { folder: "quality", classes: ["hole", "ice"] };
  const plan = { kinds: ["a"], empty, view: "particle" } as const;
  const load = (changed: object) => loadUnseenData({ ...plan, kinds: ["a"], ...changed }, root);
  const data = await load({});
  const names = (images: { name: string }[]) => [...new Set(images.map(({ name }) => name))];
  assertEquals([names(data.empty.train), names(data.empty.test)], [["h1", "h2", "i1"], [
    "h3",
    "i2",
  ]]);
  const { train, test, peers } = data.kinds.get("a")!;
  assertEquals([names(train), names(test)], [["one"], ["two"]]);
  assertEquals([test[0].image.scale, peers[0].picker, peers[0].images[0].picks.length], [
    0.5,
    "other",
    1,
  ]);
  assertEquals((await load({ empty: { ...empty, folder: "none" } })).empty.test, []);
  const unknown = { folder: "quality", classes: ["fog"] };
  await assertRejects(() => load({ empty: unknown }), EPickerError, 'no class "fog"');
  await Deno.remove(root, { recursive: true });
});
