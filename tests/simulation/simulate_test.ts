import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { EPickerError, type Micrograph, random } from "../../lib/core/mod.ts";
import {
  demoMicrographs,
  ribosomeLike,
  simulateMicrograph,
  type SimulationOptions,
} from "../../lib/simulation/mod.ts";

const OPTIONS: SimulationOptions = {
  particle: ribosomeLike(),
  count: 8,
  size: 300,
  pixelSizeA: 6,
  defocusA: 20_000,
  snr: 0.1,
  seed: 7,
};

function meanWithin({ pixels, width }: Micrograph, x: number, y: number, radius: number): number {
  const inside = pixels.filter((_, i) =>
    Math.hypot(i % width - x, Math.floor(i / width) - y) <= radius
  );
  return inside.reduce((sum, value) => sum + value, 0) / inside.length;
}

function variance(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}

Deno.test("the same seed makes the same pixels, another seed others", () => {
  assertEquals(simulateMicrograph(OPTIONS), simulateMicrograph(OPTIONS));
  const other = simulateMicrograph({ ...OPTIONS, seed: 8 });
  assertNotEquals(other.truth, simulateMicrograph(OPTIONS).truth);
});

Deno.test("particles are darker than the rest", () => {
  const { micrograph, truth } = simulateMicrograph({ ...OPTIONS, iceGradient: 0 });
  const all = meanWithin(micrograph, 150, 150, 500);
  const draw = random(1);
  for (const { x, y } of truth) {
    assert(meanWithin(micrograph, x, y, 15) < all);
  }
  const places = Array.from(
    { length: 200 },
    () => ({ x: draw.between(20, 280), y: draw.between(20, 280) }),
  );
  const free = places.filter(({ x, y }) => truth.every((t) => Math.hypot(t.x - x, t.y - y) > 45));
  assert(free.length > 10);
  const particles = truth.map(({ x, y }) => meanWithin(micrograph, x, y, 15));
  const ice = free.map(({ x, y }) => meanWithin(micrograph, x, y, 15));
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value) / values.length;
  assert(mean(particles) < mean(ice) - 3 * Math.sqrt(variance(new Float32Array(ice)) / ice.length));
});

Deno.test("particles lie inside the border, apart, and carry their diameter", () => {
  const { truth } = simulateMicrograph({ ...OPTIONS, count: 1000, spacing: 0.9, border: 40 });
  assert(truth.length > 8 && truth.length < 60, `${truth.length} of 50-pixel particles`);
  truth.forEach((a, i) => {
    assertEquals(a.diameter, 50);
    assert(Math.min(a.x, a.y) >= 40 && Math.max(a.x, a.y) <= 259);
    for (const b of truth.slice(0, i)) assert(Math.hypot(a.x - b.x, a.y - b.y) >= 45);
  });
});

Deno.test("two particles of one micrograph are seen in different orientations", () => {
  const { micrograph, truth } = simulateMicrograph({
    ...OPTIONS,
    count: 2,
    snr: 1e6,
    iceGradient: 0,
  });
  const cut = ({ x, y }: { x: number; y: number }) => {
    const [left, top] = [Math.round(x) - 20, Math.round(y) - 20];
    return Float32Array.from(
      { length: 1600 },
      (_, i) => micrograph.pixels[(top + Math.floor(i / 40)) * 300 + left + i % 40],
    );
  };
  const [a, b] = truth.map(cut);
  assert(variance(a.map((value, i) => value - b[i])) > 0.2 * variance(a));
});

Deno.test("without particles the pixels are dose × area with shot noise of that variance", () => {
  const { micrograph } = simulateMicrograph({
    ...OPTIONS,
    count: 0,
    dosePerA2: 25,
    iceGradient: 0,
    iceNoise: 0.5,
  });
  const electrons = 25 * 36;
  const mean = meanWithin(micrograph, 150, 150, 500);
  assertAlmostEquals(mean / electrons, 1, 1e-3);
  assertAlmostEquals(variance(micrograph.pixels) / electrons, 1, 0.03);
});

Deno.test("the signal-to-noise ratio is the one asked for", () => {
  const quiet = { ...OPTIONS, iceGradient: 0, iceNoise: 0, count: 6 };
  const { micrograph, truth } = simulateMicrograph({ ...quiet, snr: 0.5 });
  const { micrograph: noise } = simulateMicrograph({ ...quiet, snr: 0 });
  const signal = micrograph.pixels.map((value, i) => value - noise.pixels[i]);
  const squares = signal.filter((_, i) =>
    truth.some(({ x, y }) => Math.hypot(i % 300 - x, Math.floor(i / 300) - y) <= 25)
  ).map((value) => value * value);
  const power = squares.reduce((sum, value) => sum + value, 0) / squares.length;
  assertAlmostEquals(power / variance(noise.pixels), 0.5, 0.02);
});

Deno.test("options out of range are named", () => {
  for (
    const wrong of [{ size: 10.5 }, { pixelSizeA: 0 }, { snr: NaN }, { iceNoise: 2 }, {
      border: 200,
    }, { count: -1 }]
  ) {
    const error = assertThrows(() => simulateMicrograph({ ...OPTIONS, ...wrong }), EPickerError);
    assertEquals([error.code, error.details.file], ["bad-option", Object.keys(wrong)[0]]);
  }
});

Deno.test("the demo's micrographs are full size, crowded and of different particles", () => {
  const demo = demoMicrographs(3);
  assertEquals(demo.map(({ micrograph }) => micrograph.pixels.length), Array(4).fill(1 << 20));
  for (const { truth } of demo) assert(truth.length >= 70);
  assertEquals(new Set(demo.map(({ truth }) => truth[0].diameter)).size, 4);
});
