import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { startBackend } from "../../lib/backend/mod.ts";
import { detectionLoss, FrozenNetwork, layoutOf, lengthOf } from "../../lib/centernet/mod.ts";
import {
  AUGMENTATION,
  type Batch,
  type Objective,
  ShardComputer,
  type ShardTask,
  train,
  type TrainingImage,
} from "../../lib/training/mod.ts";
import { readCheckpoint } from "../../lib/training/state.ts";
import { random } from "../../lib/core/mod.ts";
import { madeUpCrop, madeUpFibers, madeUpVesicles } from "../../lib/simulation/mod.ts";
import { pointsAlong } from "../../lib/tracing/polyline.ts";
import { localPool, workerPool } from "../../lib/training/workers.ts";
import { assertClose } from "../_backends.ts";
import { tinyModel } from "../continual/_tiny.ts";
import { normOf, plainShard, SIZE, stackImages, STILL_RECIPE, stillImage } from "./_still.ts";
import { tinyImage, tinyOptions, tinySet } from "./_tiny.ts";

const { config, weights: { parameters } } = tinyModel(5);
const [A, B] = [stillImage("a", 3, 24), stillImage("b", 7, 14)];

/** A shard of still images, and maybe what an objective looks at. */
function stillTask(parts: Partial<ShardTask>): ShardTask {
  return { ...STILL_RECIPE, config, images: [A], seed: 1, ...parts };
}

async function gradientOf(task: ShardTask, step = 0): Promise<Float32Array> {
  using computer = new ShardComputer(task);
  return (await computer.gradient(parameters, step, 0)).gradient;
}

Deno.test("a shard's gradient is that of its crops: the new ones, and half as many replayed", async () => {
  await startBackend("wasm");
  const region = { x: 31.5, y: 31.5, diameter: 90 };
  const cases: [Partial<ShardTask>, TrainingImage[]][] = [
    [{}, [A, A, A]],
    [{ replay: [] }, [A, A, A]],
    [{ replay: [B] }, [A, A, B]],
    [{ replay: [B], shardSize: 2 }, [A, B]],
    [{ replay: [B], shardSize: 5 }, [A, A, A, B, B]],
  ];
  for (const marks of [{ ignored: [region] }, { sparse: true }]) {
    const [a, b] = [{ ...A, ...marks }, { ...B, ...marks }];
    cases.push([{ images: [a] }, [a, a, a]], [{ replay: [b] }, [A, A, b]]);
  }
  const seen: Float32Array[] = [];
  for (const [parts, crops] of cases) {
    const gradient = await gradientOf(stillTask(parts));
    const plain = await plainShard(config, parameters, crops);
    assertClose(gradient, plain.gradient, 1e-5);
    seen.push(gradient);
  }
  const distinct = new Set(seen.map((gradient) => normOf(gradient).toPrecision(4)));
  assertEquals(distinct.size, cases.length - 1); // an empty list of old images is none
});

Deno.test("workers give the shards that this thread gives, in their order, at the weights of now", async () => {
  await startBackend("wasm");
  const task = { ...stillTask({ images: [tinyImage(1)], replay: [tinyImage(2)] }) };
  using local = localPool(task);
  using workers = workerPool(task, 2);
  for (const [step, weights] of [parameters, tinyModel(6).weights.parameters].entries()) {
    const [here, there] = [await local.run(weights, step, 3), await workers.run(weights, step, 3)];
    for (const [i, { gradient, statistics, losses }] of here.entries()) {
      assertEquals(there[i].losses, losses);
      assertClose(there[i].gradient, gradient, 1e-5);
      assertClose(there[i].statistics, statistics, 1e-5);
      assert(i === 0 || losses.heat !== here[i - 1].losses.heat);
    }
  }
});

Deno.test("a shard whose crops were drawn before is the same, and others are as well", async () => {
  await startBackend("wasm");
  const task = stillTask({ images: [tinyImage(1)] });
  using prepared = new ShardComputer(task);
  using other = new ShardComputer(task);
  prepared.prepare(1, 0);
  for (const [step, shard] of [[1, 1], [0, 0], [1, 0], [2, 0]]) {
    const found = await prepared.gradient(parameters, step, shard);
    assertEquals(found, await other.gradient(parameters, step, shard));
  }
});

/** An objective that keeps what it is shown, in numbers. */
function witness(teacherOn?: "new" | "replayed") {
  const seen: { count: number; replayed: number; teacher?: number[]; stored?: number[] }[] = [];
  const objective: Objective = {
    ...(teacherOn && { teacherOn }),
    lossOf(output, { targets, count, replayed, teacher, stored }: Batch) {
      seen.push({
        count,
        replayed,
        ...(teacher && { teacher: [...teacher.fine.dataSync()] }),
        ...(stored && { stored: [...stored.dataSync()] }),
      });
      return detectionLoss(output, targets);
    },
  };
  return { objective, seen };
}

Deno.test("the teacher looks at the crops that its objective asks for, and at no others", async () => {
  await startBackend("wasm");
  const teacher = tinyModel(9);
  const fineOf = (images: TrainingImage[]) => {
    using network = new FrozenNetwork(teacher);
    return tf.tidy(() => [...network.forward(stackImages(images)).fine.dataSync()]);
  };
  const cases: ["new" | "replayed" | undefined, TrainingImage[], TrainingImage[]][] = [
    ["new", [], [A, A, A]],
    ["new", [B], [A, A]],
    ["replayed", [B], [B]],
    ["replayed", [], []],
    [undefined, [B], []],
  ];
  for (const [teacherOn, replay, looksAt] of cases) {
    const { objective, seen } = witness(teacherOn);
    await gradientOf(stillTask({ replay, objective, teacher }));
    const [{ count, replayed, teacher: found }] = seen;
    assertEquals([count, replayed], [3, replay.length]);
    if (looksAt.length === 0) assertEquals(found, undefined);
    else assertClose(found!, fineOf(looksAt), 1e-5);
  }
  const { objective, seen } = witness("replayed");
  await gradientOf(stillTask({ replay: [B], objective }));
  assertEquals(seen[0].teacher, undefined);
});

Deno.test("stored maps are those of the replayed crops, and none where one lacks", async () => {
  await startBackend("wasm");
  const heat = new Float32Array((SIZE / 4) ** 2).fill(0.25);
  const other = { ...A, heat: heat.map(() => 0.75) };
  const cases: [TrainingImage[], TrainingImage[], number[] | undefined][] = [
    [[A], [{ ...B, heat }], [0.25, 0.25]],
    [[other], [{ ...B, heat }], [0.25, 0.25]],
    [[other], [B], undefined],
    [[other], [], undefined],
  ];
  for (const [images, replay, expected] of cases) {
    const { objective, seen } = witness();
    await gradientOf(stillTask({ images, replay, objective, shardSize: 4 }));
    const crops = seen[0].stored && [seen[0].stored[0], seen[0].stored.at(-1)!];
    assertEquals(crops, expected);
    if (expected) assertEquals(seen[0].stored!.length, 2 * heat.length);
  }
  const { objective, seen } = witness(); // a store of which only some pieces have a map
  using computer = new ShardComputer(
    stillTask({ replay: [{ ...B, heat }, B], objective, shardSize: 2 }),
  );
  for (let step = 0; step < 12; step++) await computer.gradient(parameters, step, 0);
  assertEquals(new Set(seen.map(({ stored }) => stored === undefined)), new Set([true, false]));
});

Deno.test("a shard tells its losses by their names", async () => {
  await startBackend("wasm");
  const objective: Objective = {
    lossOf: (output, { targets }) => {
      const { total } = detectionLoss(output, targets);
      return { total, parts: { seven: tf.scalar(7), eleven: tf.scalar(11) } };
    },
  };
  using computer = new ShardComputer(stillTask({ objective }));
  const { losses } = await computer.gradient(parameters, 0, 0);
  assertEquals(losses, { seven: 7, eleven: 11 });
});

Deno.test("datasets are drawn by a power of their labels, by default the cube root, their images alike", async () => {
  await startBackend("wasm");
  await assertShares(undefined, [1 / 5, 2 / 5, 2 / 5]); // ∛1 : ∛64
  await assertShares(0, [1 / 2, 1 / 4, 1 / 4]);
  await assertShares(1, [1 / 65, 32 / 65, 32 / 65]);
});

/** Draws many crops of a dataset of one label in an image and one of 64 in two. */
async function assertShares(balance: number | undefined, shares: number[]): Promise<void> {
  const [cropSize, shardSize] = [32, 16];
  const sized = (dataset: string, name: string, labels: number, diameter: number) => {
    const object = { x: 31.5, y: 31.5, diameter };
    return { ...A, dataset, name, objects: Array.from({ length: labels }, () => object) };
  };
  const images = [
    sized("few", "1", 1, 8),
    sized("many", "2", 32, 16),
    sized("many", "3", 32, 32),
  ];
  const counts = new Map([8, 16, 32].map((diameter) => [diameter, 0]));
  const objective: Objective = {
    lossOf(output, { targets }) {
      const centres = targets.centre.dataSync();
      targets.size.dataSync().forEach((size, i) => {
        const diameter = Math.round(32 * Math.exp(size)); // of the object in the middle
        if (centres[i] === 1) counts.set(diameter, counts.get(diameter)! + 1);
      });
      return detectionLoss(output, targets);
    },
  };
  // crops of half the image, which all hold its middle where the image is aimed at it
  const task = stillTask({
    images: images.map((i) => ({ ...i, sparse: true })),
    objective,
    balance,
  });
  using computer = new ShardComputer({ ...task, cropSize, shardSize });
  for (let step = 0; step < 25; step++) await computer.gradient(parameters, step, 0);
  const total = [...counts.values()].reduce((sum, count) => sum + count);
  assertEquals(total, 25 * shardSize);
  for (const [i, diameter] of [8, 16, 32].entries()) {
    const deviation = Math.sqrt(shares[i] * (1 - shares[i]) / total);
    assertAlmostEquals(counts.get(diameter)! / total, shares[i], 3 * deviation);
  }
}

Deno.test("a step's gradient is the mean of its shards', then pulled, then shortened", async () => {
  const out = await Deno.makeTempDir();
  const options = tinyOptions(out, { steps: 1, shards: 3, seed: 4 });
  const from = { ...tinyModel(5), config: options.recipe!.config! };
  const strength = Float32Array.from(parameters, (_, i) => (i % 7) / 100);
  const calls: Float32Array[] = [];
  const replay = [tinyImage(9, "old")];
  const pull = (gradient: Float32Array, at: Float32Array) => {
    calls.push(gradient.slice());
    for (let i = 0; i < gradient.length; i++) gradient[i] += strength[i] * (1 + at[i]);
  };
  const set = tinySet();
  await train(set, { ...options, from, replay, pull });
  const { adam } = (await readCheckpoint(`${out}/checkpoint.safetensors`)).state;
  const task = { ...stillTask({ images: set.train, replay, seed: 4 }), shardSize: 2 };
  const { augmentation: _, ...rest } = task;
  using computer = new ShardComputer({ ...rest, augmentation: AUGMENTATION });
  const mean = new Float64Array(lengthOf(layoutOf(config).parameters));
  for (const shard of [0, 1, 2]) {
    const { gradient } = await computer.gradient(parameters, 0, shard);
    gradient.forEach((value, i) => mean[i] += value / 3);
  }
  assertEquals(calls.length, 1);
  assertClose(calls[0], mean, 1e-5);
  const pulled = Float32Array.from(mean, (value, i) => value + strength[i] * (1 + parameters[i]));
  const shrink = Math.min(1, 5 / normOf(pulled));
  assertClose(adam.m, pulled.map((value) => 0.1 * shrink * value), 1e-5);
  await Deno.remove(out, { recursive: true });
});

Deno.test("what is made up is what is picked, as large as the view has it", async () => {
  await startBackend("wasm");
  const size = 128;
  const stream = (seed: number) => {
    const draw = random(seed, 0, 0);
    draw.uniform(); // the choice between made up and cut crops
    return draw;
  };
  const centres = {
    particle: (seed: number) => madeUpCrop(size, 40, stream(seed)).centres,
    vesicle: (seed: number) => madeUpVesicles(size, 48, stream(seed)).vesicles,
    fiber: (seed: number) => {
      const { lines, width } = madeUpFibers(size, 24, stream(seed));
      return lines.flatMap((line) => pointsAlong(line, width / 4));
    },
  };
  for (const mode of ["particle", "vesicle", "fiber"] as const) {
    for (let seed = 1, seen = 0; seen < 2; seed++) {
      const cells = new Set(
        centres[mode](seed).flatMap(({ x, y }) => {
          const [column, row] = [Math.round((x - 1.5) / 4), Math.round((y - 1.5) / 4)];
          const isInside = Math.min(column, row) >= 0 && Math.max(column, row) < size / 4;
          return isInside ? [row * size / 4 + column] : [];
        }),
      );
      if (cells.size === 0) continue;
      let found: Set<number> | undefined;
      const objective: Objective = {
        lossOf(output, batch) {
          const heat = batch.targets.heat.dataSync();
          found = new Set([...heat.keys()].filter((i) => heat[i] === 1));
          return detectionLoss(output, batch.targets);
        },
      };
      const task = { mode, seed, madeUp: 1, shardSize: 1, cropSize: size, objective };
      await gradientOf(stillTask(task));
      assertEquals(found, cells, mode);
      seen++;
    }
  }
});
