import { assert, assertEquals } from "@std/assert";
import { readModel } from "../../lib/centernet/mod.ts";
import { STRATEGIES, strategyOf } from "../../lib/continual/mod.ts";
import { WorkerThread } from "../../lib/core/mod.ts";
import { averagePrecision, precisionRecall } from "../../lib/evaluation/mod.ts";
import {
  type ExperimentOptions,
  type ExperimentResult,
  ordersOf,
  runExperiment,
} from "../../lib/experiments/mod.ts";
import { predict } from "../../lib/training/mod.ts";
import type { Sharing } from "./_sharing_worker.ts";
import { DATA, PLAN } from "./_tiny_plan.ts";

const { epicker, joint, separate, cumulative } = STRATEGIES;
const ROTATING = { ...PLAN, rotates: true };

function withoutTimes(result: ExperimentResult): unknown {
  return JSON.parse(JSON.stringify(result, (key, value) => /seconds/i.test(key) ? 0 : value));
}

async function inFolder(work: (out: string) => Promise<void>): Promise<void> {
  const out = await Deno.makeTempDir();
  await work(out);
  await Deno.remove(out, { recursive: true });
}

const options = (out: string, strategies: ExperimentOptions["strategies"]) =>
  ({ out, strategies, backend: "wasm", workers: 1 }) as const;

async function stagesIn(folder: string, path = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${folder}/${path}`)) {
    const below = path === "" ? name : `${path}/${name}`;
    if (isDirectory) found.push(...await stagesIn(folder, below));
    else if (name === "stage.json") found.push(path);
  }
  return found.sort();
}

Deno.test("orders share a base of the same datasets, and joint training", () =>
  inFolder(async (out) => {
    const orders = [...ordersOf(PLAN, 2), ...ordersOf(ROTATING, 2).slice(1)];
    const result = await runExperiment(PLAN, DATA, { ...options(out, { epicker, joint }), orders });
    assertEquals(await stagesIn(`${out}/stages/seed1`), [
      ...["base/a", "base/b", "epicker/a/b", "epicker/a/b/c", "epicker/a/c", "epicker/a/c/b"],
      ...["epicker/b/c", "epicker/b/c/a", "joint"],
    ]);
    const [abc, acb, bca] = result.runs.filter(({ strategy }) => strategy === "epicker");
    assertEquals([abc, acb, bca].map((run) => [run.stages[0].learned, run.order]), [
      [["a"], [["b"], ["c"]]],
      [["a"], [["c"], ["b"]]],
      [["b"], [["c"], ["a"]]],
    ]);
    const joints = result.runs.filter(({ strategy }) => strategy === "joint");
    assertEquals(joints[0].stages[1].scores, joints[2].stages[1].scores);
    assertEquals(joints.map(({ stages }) => stages[1].learned), [["b", "c"], ["c", "b"], [
      "c",
      "a",
    ]]);
    assertEquals([result.planned, result.runs.length], [6, 6]);
  }));

Deno.test("who has the same folder shares the work, and finds what one finds alone", () =>
  inFolder(async (alone) => {
    await inFolder(async (shared) => {
      const module = import.meta.resolve("./_sharing_worker.ts");
      using worker = new WorkerThread<Sharing>(module);
      using other = new WorkerThread<Sharing>(module);
      const one = await worker.call("run", alone);
      const both = await Promise.all([worker.call("run", shared), other.call("run", shared)]);
      for (const { result } of both) assertEquals(withoutTimes(result), withoutTimes(one.result));
      assertEquals(both[0].steps + both[1].steps, one.steps); // nothing is done twice
    });
  }));

Deno.test("separate models forget nothing, and each starts from the base model", () =>
  inFolder(async (out) => {
    const { runs: [run] } = await runExperiment(PLAN, DATA, options(out, { separate }));
    const [base, b, c] = run.stages;
    assertEquals([b.scores.a, c.scores.a], [base.scores.a, base.scores.a]);
    assertEquals(c.scores.b, b.scores.b);
    assertEquals(await stagesIn(`${out}/stages/seed1`), ["base/a", "separate/a/b", "separate/a/c"]);
    assertEquals(c.storedBytes, 2 * b.storedBytes);
  }));

Deno.test("joint and cumulative training see all data, for as many steps as they are told", () =>
  inFolder(async (out) => {
    const strategies = {
      ...{ joint, cumulative },
      "joint/2": strategyOf("joint/2"),
      "cumulative/4": strategyOf("cumulative/4"),
    };
    await runExperiment(PLAN, DATA, options(out, strategies));
    const logOf = async (stage: string) => {
      const text = await Deno.readTextFile(`${out}/stages/seed1/${stage}/training.json`);
      const { step, train } = JSON.parse(text);
      return [step, train.map((name: string) => name[0]).join("")];
    };
    assertEquals(await logOf("joint"), [2, "abc"]);
    assertEquals(await logOf("joint-2"), [4, "abc"]);
    assertEquals(await logOf("cumulative/a/b"), [1, "ab"]);
    assertEquals(await logOf("cumulative-4/a/b/c"), [4, "abc"]);
  }));

Deno.test("scores are of the test images at the model's own threshold, the course is of the held-out", () =>
  inFolder(async (out) => {
    const { runs: [{ stages }] } = await runExperiment(PLAN, DATA, options(out, { epicker }));
    const folder = `${out}/stages/seed1/epicker/a/b`;
    const { model } = await readModel(`${folder}/model.safetensors`);
    const [, { threshold = NaN, scores, course = [] }] = stages;
    assertEquals(threshold, model.threshold);
    const test = (await predict(model, DATA.get("b")!.test)).get("b")!;
    assertEquals(scores.b.ap, averagePrecision(test).ap);
    const kept = test.map((image) => ({
      ...image,
      picks: image.picks.filter(({ score = 1 }) => score >= threshold),
    }));
    const { recall = 0, precision } = precisionRecall(kept).at(-1) ?? {};
    assertEquals([scores.b.recall, scores.b.precision], [recall, precision]);
    assertEquals(course.map(({ step }) => step), [0, 1]);
    const base = (await readModel(`${out}/stages/seed1/base/a/model.safetensors`)).model;
    for (const [i, seen] of [base, model].entries()) {
      const held = (await predict(seen, DATA.get("a")!.validation)).get("a")!;
      assertEquals(course[i].ap, averagePrecision(held).ap);
    }
    assert(stages[0].course === undefined);
  }));
