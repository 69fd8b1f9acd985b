import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { EPickerError, type Micrograph } from "../../lib/core/mod.ts";
import {
  demoMicrographs,
  simulateMicrograph,
  type SimulationOptions,
} from "../../lib/simulation/mod.ts";

const OPTIONS: SimulationOptions = {
  specimen: { kind: "particles", species: [{ phantom: "ribosome-80s" }], count: 8 },
  size: 300,
  pixelSizeA: 6,
  seed: 7,
};

const PARTICLES = { kind: "particles", species: [{ phantom: "ribosome-80s" }] } as const;

function meanWithin({ pixels, width }: Micrograph, x: number, y: number, radius: number): number {
  const inside = pixels.filter((_, i) =>
    Math.hypot(i % width - x, Math.floor(i / width) - y) <= radius
  );
  return inside.reduce((sum, value) => sum + value, 0) / inside.length;
}

Deno.test("the same recipe makes the same pixels, another seed others", () => {
  const first = simulateMicrograph(OPTIONS);
  assertEquals(simulateMicrograph(OPTIONS), first);
  assertEquals(simulateMicrograph(JSON.parse(JSON.stringify(first.recipe))), first);
  assertNotEquals(simulateMicrograph({ ...OPTIONS, seed: 8 }).truth, first.truth);
});

Deno.test("particles are darker than the ice around them", () => {
  const { micrograph, truth } = simulateMicrograph({ ...OPTIONS, clutter: 0 });
  const darker = truth.filter(({ x, y }) =>
    meanWithin(micrograph, x, y, 15) < meanWithin(micrograph, x, y, 60)
  );
  assertEquals(darker.length, truth.length);
});

Deno.test("there are as many labelled particles as asked for, apart, within the border", () => {
  const specimen = { ...PARTICLES, count: 12, spacing: 0.9 };
  const { truth } = simulateMicrograph({ ...OPTIONS, border: 40, specimen });
  assertEquals(truth.length, 12);
  truth.forEach((a, i) => {
    assertEquals(a.diameter, 50);
    assert(Math.min(a.x, a.y) >= 40 && Math.max(a.x, a.y) <= 259);
    for (const b of truth.slice(0, i)) assert(Math.hypot(a.x - b.x, a.y - b.y) >= 45);
  });
});

Deno.test("where the micrograph is full there are fewer particles", () => {
  const specimen = { ...PARTICLES, count: 500, spacing: 1 };
  const { truth } = simulateMicrograph({ ...OPTIONS, specimen });
  assert(truth.length > 12 && truth.length < 50, `${truth.length} of 50-pixel particles`);
});

Deno.test("the density is the same at the border: particles off the micrograph reach into it", () => {
  const specimen = { ...PARTICLES, count: 16 };
  const { scene } = simulateMicrograph({ ...OPTIONS, specimen });
  assert(scene.debris.length > 0);
  for (const { x, y } of scene.debris) {
    assert(Math.min(x, y) < 0 || Math.max(x, y) > 299);
    assert(Math.min(x, y) > -26 && Math.max(x, y) < 326);
  }
});

Deno.test("the signal-to-noise ratio is the one asked for, at any pixel size", () => {
  for (const [pixelSizeA, size] of [[5, 256], [3.3, 400]]) {
    const specimen = { ...PARTICLES, count: 4 };
    const quiet = {
      ...OPTIONS,
      specimen,
      size,
      pixelSizeA,
      iceNoise: 0,
      iceGradient: 0,
      detectorBlur: 0,
    };
    // With a million electrons per Å² the image is the contrast itself.
    const { micrograph, truth } = simulateMicrograph({
      ...quiet,
      dosePerA2: 1e4,
      dqe: 1,
      snr: 0.5 * 1e4 / 18,
      iceThicknessA: 0,
    });
    const electrons = 1e4 * pixelSizeA ** 2;
    const power = meanSquare(micrograph, truth, electrons);
    // Shot noise of 30 · 0.6 electrons per Å² in 5 Å pixels.
    assertAlmostEquals(power * 18 * 25, 0.5, 0.02);
  }
});

/** Mean square contrast within the circles of the labels. */
function meanSquare({ pixels, width }: Micrograph, truth: SimulatedLabels, electrons: number) {
  const squares = [...pixels].filter((_, i) =>
    truth.some(({ x, y, diameter = 0 }) =>
      Math.hypot(i % width - x, Math.floor(i / width) - y) <= diameter / 2
    )
  ).map((value) => (value / electrons - 1) ** 2);
  return squares.reduce((sum, value) => sum + value, 0) / squares.length;
}

type SimulatedLabels = ReturnType<typeof simulateMicrograph>["truth"];

Deno.test("without an SNR the contrast is twice the phase shift of the projected potential", () => {
  // One wide Gaussian, hardly changed by the CTF but for its sign and the amplitude contrast.
  const [sigmaA, massKda] = [60, 20_000];
  const phantom = {
    name: "blob",
    title: "blob",
    diameterA: 300,
    symmetry: "C1",
    source: "a test",
    gaussians: [{ x: 0, y: 0, z: 0, sigmaA, massKda }],
  };
  const { micrograph, truth: [{ x, y }] } = simulateMicrograph({
    ...OPTIONS,
    size: 256,
    border: 80,
    specimen: { kind: "particles", species: [{ phantom }], count: 1 },
    ...{ dosePerA2: 1e4, dqe: 1, iceNoise: 0, iceThicknessA: 0, detectorBlur: 0 },
    ...{ defocusUm: 0, csMm: 0, amplitudeContrast: 1, bFactorA2: 0, contrast: 0.1 },
  });
  const peak = 20_000 * 4250 / (2 * Math.PI * sigmaA ** 2) * 6.526e-4;
  const centre = micrograph.pixels[Math.round(y) * 256 + Math.round(x)];
  assertAlmostEquals((1 - centre / (1e4 * 36)) / (0.1 * 2 * peak), 1, 0.02);
});

Deno.test("thicker ice and more of it let fewer electrons through", () => {
  const empty = { ...OPTIONS, specimen: { ...PARTICLES, count: 0 }, iceNoise: 0, dosePerA2: 100 };
  const mean = (iceThicknessA: number) =>
    meanWithin(
      simulateMicrograph({ ...empty, iceThicknessA, iceGradient: 0 }).micrograph,
      150,
      150,
      400,
    );
  assertAlmostEquals(mean(640) / mean(0), Math.exp(-640 / 3200), 1e-3);
  const { micrograph } = simulateMicrograph({ ...empty, iceThicknessA: 800, iceGradient: 0.8 });
  const corners = [[40, 40], [260, 40], [40, 260], [260, 260]].map(([x, y]) =>
    meanWithin(micrograph, x, y, 40)
  );
  assert(Math.max(...corners) > 1.04 * Math.min(...corners), `${corners}`);
});

Deno.test("smoothing is a Gaussian filter of the image that would be there without", () => {
  const smoothingA = 15;
  const rough = simulateMicrograph(OPTIONS).micrograph;
  const smooth = simulateMicrograph({ ...OPTIONS, smoothingA }).micrograph;
  const sigma = smoothingA / OPTIONS.pixelSizeA;
  for (const [x, y] of [[150, 150], [80, 201], [233, 61]]) {
    let [sum, weights] = [0, 0];
    for (let dy = -12; dy <= 12; dy++) {
      for (let dx = -12; dx <= 12; dx++) {
        const weight = Math.exp(-(dx * dx + dy * dy) / (2 * sigma * sigma));
        sum += weight * rough.pixels[(y + dy) * 300 + x + dx];
        weights += weight;
      }
    }
    assertAlmostEquals(smooth.pixels[y * 300 + x] / (sum / weights), 1, 0.005);
  }
});

Deno.test("hot pixels stand out", () => {
  const { micrograph } = simulateMicrograph({ ...OPTIONS, hotPixels: 20 });
  const mean = meanWithin(micrograph, 150, 150, 400);
  const hot = micrograph.pixels.filter((value) => value > 2.2 * mean).length;
  assert(hot > 10 && hot <= 20, `${hot}`);
});

Deno.test("options out of range are named", () => {
  const wrong: Record<string, unknown>[] = [
    { size: 10.5 },
    { pixelSizeA: 0 },
    { snr: NaN },
    { dqe: 2 },
    { border: 200 },
    { iceNoise: -1 },
    { defocusUm: 1e4 },
  ];
  for (const options of wrong) {
    const error = assertThrows(() => simulateMicrograph({ ...OPTIONS, ...options }), EPickerError);
    assertEquals([error.code, error.details.file], ["bad-option", Object.keys(options)[0]]);
  }
  const negative = { ...OPTIONS, specimen: { ...PARTICLES, count: -1 } };
  assertEquals(
    assertThrows(() => simulateMicrograph(negative), EPickerError).details.file,
    "count",
  );
});

Deno.test("the demo's micrographs are full size, crowded and of different particles", () => {
  const demo = demoMicrographs(3);
  assertEquals(demo.map(({ micrograph }) => micrograph.pixels.length), Array(4).fill(1 << 20));
  for (const { truth } of demo) assert(truth.length >= 50);
  assertEquals(new Set(demo.map(({ truth }) => truth[0].diameter)).size, 4);
});

Deno.test("an option that is undefined is its default", () => {
  const given = { specimen: { kind: "vesicles", count: 0, diameterA: [200, 300] } } as const;
  const options = { ...given, pixelSizeA: 5, seed: 1, size: 32 };
  const { recipe } = simulateMicrograph({ ...options, dqe: undefined, iceThicknessA: undefined });
  assertEquals([recipe.dqe, recipe.iceThicknessA], [0.6, 400]);
});
