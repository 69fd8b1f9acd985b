import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { random } from "../../lib/core/mod.ts";
import { MID_GREY, NETWORK_MEAN, NETWORK_STD, normalise } from "../../lib/preprocess/mod.ts";
import { equalise } from "../../lib/preprocess/equalise.ts";
import { bulkOf } from "../../lib/preprocess/robust.ts";

const SIDE = 160;

function ice(spread = 1): Float32Array {
  const stream = random(3);
  return Float32Array.from({ length: SIDE * SIDE }, () => 40 + spread * stream.normal());
}

/** A dark bar over the first rows, `share` of the image. */
function withBar(values: Float32Array, share: number, depth: number): Float32Array {
  return values.map((value, i) => i < share * values.length ? value - depth : value);
}

/** The plain rank transform: 256 × the share of darker pixels. */
function ranked(values: Float32Array): Uint8Array {
  const sorted = values.slice().sort();
  const rank = new Map(Array.from(sorted, (value, i) => [value, i] as const));
  return Uint8Array.from(values, (value) => Math.floor(256 * rank.get(value)! / values.length));
}

function meanDifference(a: Uint8Array, b: Uint8Array, from: number): number {
  let sum = 0;
  for (let i = from; i < a.length; i++) sum += Math.abs(a[i] - b[i]);
  return sum / (a.length - from);
}

Deno.test("equalisation is the rank transform to one grey level", () => {
  const values = ice();
  const grey = equalise(values, SIDE);
  const expected = ranked(values);
  assert(grey.every((level, i) => Math.abs(level - expected[i]) <= 1));
});

Deno.test("equalised pixels have the mean and spread that normalisation takes off", () => {
  const values = normalise(equalise(ice(), SIDE));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
  assertAlmostEquals(mean, 0, 0.01);
  assertAlmostEquals(square, 1, 0.02);
  assertAlmostEquals(NETWORK_MEAN, 0.5);
  assertAlmostEquals(NETWORK_STD, 1 / Math.sqrt(12), 1e-4);
});

Deno.test("normalisation is (v / 255 - 0.5) / 0.2887 for every grey value", () => {
  const values = normalise(Uint8Array.from({ length: 256 }, (_, i) => i));
  values.forEach((value, v) => assertAlmostEquals(value, (v / 255 - 0.5) / 0.2887, 1e-6));
  assertAlmostEquals(normalise(new Uint8Array(1))[0], -Math.sqrt(3), 1e-3, "margin and padding");
  assert(Math.abs(normalise(new Uint8Array([MID_GREY]))[0]) < 0.01, "no contrast is about 0");
});

Deno.test("a dark bar saturates and takes no grey levels from the ice", () => {
  const plain = ice();
  const reference = equalise(plain, SIDE);
  for (const [share, depth] of [[0.25, 8], [0.25, 40], [0.33, 10], [0.35, 1000]]) {
    const barred = withBar(plain, share, depth);
    const bar = Math.ceil(share * plain.length);
    const grey = equalise(barred, SIDE);
    assert(grey.subarray(0, bar).every((level) => level === 0));
    assert(meanDifference(grey, reference, bar) < 2);
    assert(meanDifference(ranked(barred), reference, bar) > 20, "the plain transform is poor");
  }
});

Deno.test("a bright minority saturates as well", () => {
  const plain = ice();
  const reference = equalise(plain, SIDE);
  const bright = withBar(plain, 0.08, -30);
  const grey = equalise(bright, SIDE);
  assert(grey.subarray(0, 0.08 * plain.length).every((level) => level === 255));
  assert(meanDifference(grey, reference, Math.ceil(0.08 * plain.length)) < 2);
});

Deno.test("ice keeps its grey levels where darker carbon is the majority", () => {
  const grey = equalise(withBar(ice(), 0.6, 30), SIDE).subarray(0.6 * SIDE * SIDE);
  assert(new Set(grey).size > 80);
});

Deno.test("constant values are mid grey, few levels keep their order", () => {
  assertEquals(new Set(equalise(new Float32Array(900).fill(7), 30)), new Set([128]));
  const counts = Float32Array.from({ length: 900 }, (_, i) => i % 10 === 0 ? 1 : 0);
  const grey = equalise(counts, 30);
  assertEquals([grey[1], grey[0]], [115, 243]); // 256 × 0.45 and 256 × 0.95
});

Deno.test("the bulk's centre and spread are those of a normal distribution", () => {
  const { centre, sigma } = bulkOf(ice(2).sort());
  assertAlmostEquals(centre, 40, 0.3);
  assertAlmostEquals(sigma, 2, 0.1);
});

Deno.test("the bulk of counts of which most are zero has a spread", () => {
  const sorted = Float32Array.from({ length: 1000 }, (_, i) => i < 800 ? 0 : i < 950 ? 1 : 2);
  const { centre, sigma } = bulkOf(sorted);
  assertEquals(centre, 0);
  assertAlmostEquals(sigma, 1 / 1.6449, 1e-6);
  assertEquals(bulkOf(new Float32Array(5).fill(3)), { centre: 3, sigma: 0 });
});
