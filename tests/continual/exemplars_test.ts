import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { startBackend } from "../../lib/backend/mod.ts";
import {
  chooseExemplars,
  EXEMPLAR_POLICIES,
  EXEMPLAR_SIZE,
  type ExemplarPolicy,
  labelsIn,
  MAX_EXEMPLARS,
} from "../../lib/continual/mod.ts";
import { FrozenNetwork } from "../../lib/centernet/mod.ts";
import { farthestFirst, featuresOf } from "../../lib/continual/coverage.ts";
import { herded } from "../../lib/continual/herding.ts";
import { EPickerError, random } from "../../lib/core/mod.ts";
import { normalise } from "../../lib/preprocess/mod.ts";
import type { TrainingImage } from "../../lib/training/mod.ts";
import { tinyImage } from "../training/_tiny.ts";
import { tinyModel } from "./_tiny.ts";

const IMAGES = [
  tinyImage(1, "a", 700),
  tinyImage(2, "a", 700),
  tinyImage(3, "b", 96),
];

Deno.test("every policy keeps whole pieces with all their labels, until there are enough", async () => {
  await startBackend("wasm");
  for (const policy of EXEMPLAR_POLICIES) {
    const chosen = chooseExemplars(IMAGES, tinyModel(), { policy, particles: 3 });
    const datasets = Map.groupBy(chosen, ({ dataset }) => dataset);
    assertEquals([...datasets.keys()], ["a", "b"]);
    for (const group of datasets.values()) {
      const counts = group.map(labelsIn);
      assert(counts.every((count) => count > 0));
      const total = counts.reduce((sum, count) => sum + count);
      assert(total >= 3 && total - counts.at(-1)! < 3);
    }
  }
});

Deno.test("a piece shows the pixels and the labels of its place", async () => {
  await startBackend("wasm");
  const [source] = IMAGES;
  for (const { name, image, objects } of chooseExemplars([source], tinyModel())) {
    const [left, top] = name.split("@")[1].split(",").map(Number);
    assertEquals([image.paddedWidth, image.paddedHeight], [EXEMPLAR_SIZE, EXEMPLAR_SIZE]);
    const at = (x: number, y: number) => source.image.pixels[y * source.image.paddedWidth + x];
    for (const [x, y] of [[0, 0], [100, 7], [EXEMPLAR_SIZE - 1, EXEMPLAR_SIZE - 1]]) {
      assertEquals(image.pixels[y * EXEMPLAR_SIZE + x], at(left + x, top + y));
    }
    for (const { x, y } of objects) {
      assert(source.objects.some((o) => Math.hypot(o.x - left - x, o.y - top - y) < 1e-9));
    }
  }
});

Deno.test("a dataset keeps at most 1.92 MB of pieces", async () => {
  await startBackend("wasm");
  const many = Array.from({ length: 5 }, (_, i) => tinyImage(i, "a", 1500));
  const chosen = chooseExemplars(many, tinyModel(), { policy: "random", particles: 1e6 });
  assert(chosen.length <= MAX_EXEMPLARS);
  assert(MAX_EXEMPLARS * EXEMPLAR_SIZE ** 2 < 1.92e6);
});

Deno.test("choices depend on the seed alone, and only random ones do", async () => {
  await startBackend("wasm");
  const names = (policy: ExemplarPolicy, seed: number) =>
    chooseExemplars(IMAGES, tinyModel(), { policy, seed, particles: 4 }).map(({ name }) => name);
  for (const policy of EXEMPLAR_POLICIES) assertEquals(names(policy, 3), names(policy, 3));
  assertEquals(names("first", 3), names("first", 4));
  assertEquals(names("coverage", 3), names("coverage", 4));
  assertEquals(names("herding", 3), names("herding", 4));
});

/** Names of all pieces with labels, image by image and row by row, and how many each has. */
function labelledPieces(images: TrainingImage[]): [name: string, labels: number][] {
  return images.flatMap(({ name, image, objects }) => {
    assertEquals([image.paddedWidth, image.paddedHeight], [736, 736]); // three by three, overlapping
    return [0, 224, 448].flatMap((top) =>
      [0, 224, 448].map((left): [string, number] => {
        const inside = objects.filter(({ x, y }) =>
          x >= left && x < left + EXEMPLAR_SIZE && y >= top && y < top + EXEMPLAR_SIZE
        );
        return [`${name}@${left},${top}`, inside.length];
      })
    ).filter(([, labels]) => labels > 0);
  });
}

/** Names of pieces in an order, as many as it takes to have enough labels. */
function enough(pieces: [name: string, labels: number][], particles: number): string[] {
  let labels = 0;
  return pieces.flatMap(([name, more]) => {
    const isWanted = labels < particles;
    labels += more;
    return isWanted ? [name] : [];
  });
}

const CROWDED = [1, 2, 3].map((seed) => tinyImage(seed, "a", 700));

function chosenNames(policy: ExemplarPolicy, particles: number, seed = 1): string[] {
  return chooseExemplars(CROWDED, tinyModel(), { policy, particles, seed })
    .map(({ name }) => name);
}

Deno.test("first exemplars are those of the first images, row by row, until there are enough", async () => {
  await startBackend("wasm");
  const pieces = labelledPieces(CROWDED);
  for (const particles of [1, 4, 9, 14, 1e6]) {
    assertEquals(chosenNames("first", particles), enough(pieces, particles));
  }
});

Deno.test("random exemplars are another draw for every seed, from all pieces alike", async () => {
  await startBackend("wasm");
  const pieces = new Map(labelledPieces(CROWDED));
  const draws = Array.from({ length: 60 }, (_, seed) => chosenNames("random", 4, seed));
  for (const names of draws) {
    const counts = names.map((name): [string, number] => [name, pieces.get(name)!]);
    assertEquals(enough(counts, 4), names);
  }
  assert(new Set(draws.map(String)).size > 50);
  assertEquals(new Set(draws.flat()), new Set(pieces.keys()));
  const firsts = Map.groupBy(draws, ([name]) => name).values().map((group) => group.length);
  assert(Math.max(...firsts) < 5 * 60 / pieces.size, "no piece is preferred");
});

/** Indices of vectors by the definition of farthest-first, the distances computed anew each time. */
function plainFarthestFirst(vectors: number[][]): number[] {
  const distance = (a: number[], b: number[]) => Math.hypot(...a.map((v, i) => v - b[i]));
  const chosen: number[] = [];
  while (chosen.length < vectors.length) {
    const worth = vectors.map((vector, i) => {
      if (chosen.includes(i)) return -Infinity;
      if (chosen.length === 0) return -Math.hypot(...vector);
      return Math.min(...chosen.map((j) => distance(vector, vectors[j])));
    });
    chosen.push(worth.indexOf(Math.max(...worth)));
  }
  return chosen;
}

Deno.test("coverage takes the piece farthest from those it has, by mean features of unit spread", async () => {
  await startBackend("wasm");
  using network = new FrozenNetwork(tinyModel());
  const pieces = chooseExemplars(CROWDED, tinyModel(), { policy: "first", particles: 1e6 });
  const features = await Promise.all(pieces.map(async ({ image: { pixels } }) => {
    const input = tf.tensor4d(normalise(pixels), [1, EXEMPLAR_SIZE, EXEMPLAR_SIZE, 1]);
    const output = network.forward(input);
    const [values, channels] = [await output.deep.data(), output.deep.shape[3]];
    tf.dispose([input, { ...output }]);
    const cells = values.length / channels;
    return Array.from({ length: channels }, (_, c) => {
      let sum = 0;
      for (let cell = 0; cell < cells; cell++) sum += values[cell * channels + c];
      return sum / cells;
    });
  }));
  const spread = features[0].map((_, c) => {
    const column = features.map((vector) => vector[c]);
    const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
    const square = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length;
    return { mean, deviation: Math.sqrt(square) };
  });
  const order = plainFarthestFirst(
    features.map((vector) =>
      vector.map((value, c) => (value - spread[c].mean) / (spread[c].deviation || Infinity))
    ),
  );
  const labels = new Map(labelledPieces(CROWDED));
  const expected = order.map((i): [string, number] => {
    return [pieces[i].name, labels.get(pieces[i].name)!];
  });
  for (const particles of [1, 5, 12]) {
    assertEquals(chosenNames("coverage", particles), enough(expected, particles));
  }
});

Deno.test("farthest-first takes one vector of every cluster before a second of any", () => {
  const cluster = (x: number, y: number) => [0, 0.1, 0.2].map((d) => Float32Array.of(x + d, y - d));
  const vectors = [...cluster(0, 0), ...cluster(5, 0), ...cluster(0, 7), ...cluster(-6, -6)];
  const chosen = farthestFirst(vectors, 4).map((i) => Math.floor(i / 3));
  assertEquals(new Set(chosen), new Set([0, 1, 2, 3]));
  assertEquals(chosen[0], 0); // nearest to the mean
  assertEquals(farthestFirst(vectors, 99).length, vectors.length);
});

/** Squared distance of the mean of some vectors from the mean of all. */
function missOf(vectors: Float32Array[], chosen: number[]): number {
  const meanOf = (indices: number[], c: number) =>
    indices.reduce((sum, i) => sum + vectors[i][c], 0) / indices.length;
  return vectors[0].reduce((sum, _, c) => {
    return sum + (meanOf([...vectors.keys()], c) - meanOf(chosen, c)) ** 2;
  }, 0);
}

/** Of all ways to go on from those chosen, the one with the mean of all, found by trying each. */
function plainHerding(vectors: Float32Array[], count: number): number[] {
  const chosen: number[] = [];
  while (chosen.length < count) {
    const misses = vectors.map((_, i) =>
      chosen.includes(i) ? Infinity : missOf(vectors, [...chosen, i])
    );
    chosen.push(misses.indexOf(Math.min(...misses)));
  }
  return chosen;
}

Deno.test("herding keeps the mean of all as trying every vector does, and better than chance", () => {
  const stream = random(4);
  const vectors = Array.from({ length: 14 }, () => Float32Array.from({ length: 3 }, stream.normal));
  const chosen = herded(vectors, vectors.length);
  assertEquals(chosen, plainHerding(vectors, vectors.length));
  const draws = Array.from({ length: 200 }, () => stream.shuffle([...vectors.keys()]).slice(0, 5));
  const typical = draws.map((draw) => missOf(vectors, draw)).sort((a, b) => a - b)[20];
  assert(missOf(vectors, chosen.slice(0, 5)) < typical, "better than nine draws of ten");
  assertEquals(herded(vectors, 5), chosen.slice(0, 5));
  assertEquals(herded([], 5), []);
});

Deno.test("herded exemplars have the network's mean features", async () => {
  await startBackend("wasm");
  const pieces = chooseExemplars(CROWDED, tinyModel(), { policy: "first", particles: 1e6 });
  const names = plainHerding(featuresOf(tinyModel(), pieces), 4).map((i) => pieces[i].name);
  const chosen = chooseExemplars(CROWDED, tinyModel(), {
    ...{ policy: "herding", particles: 1e6, pieces: 4 },
  });
  assertEquals(chosen.map(({ name }) => name), names);
});

Deno.test("an unknown policy is refused", () => {
  assertThrows(
    () => chooseExemplars(IMAGES, tinyModel(), { policy: "best" as ExemplarPolicy }),
    EPickerError,
    "first, random, coverage, herding",
  );
});
