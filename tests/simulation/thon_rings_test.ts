import { assert, assertAlmostEquals } from "@std/assert";
import { electronWavelengthA } from "../../lib/simulation/electron.ts";
import {
  simulateMicrograph,
  type Simulation,
  type SimulationOptions,
} from "../../lib/simulation/mod.ts";
import { powerIn } from "./_spectrum.ts";

const SIZE = 512;
const PIXEL_SIZE_A = 4;

/** A micrograph of nothing but ice. */
function ice(options: Partial<SimulationOptions> = {}): Simulation {
  return simulateMicrograph({
    specimen: { kind: "particles", species: [{ phantom: "apoferritin" }], count: 0 },
    size: SIZE,
    pixelSizeA: PIXEL_SIZE_A,
    seed: 5,
    defocusUm: 1.5,
    bFactorA2: 0,
    detectorBlur: 0,
    iceGradient: 0,
    clutter: 0,
    iceNoise: 4,
    ...options,
  });
}

/** Power around a frequency in 1/Å, in units of the shot noise. */
function power(
  { micrograph }: Simulation,
  frequency: number,
  { towards, width = 0.015 }: { towards?: number; width?: number } = {},
): number {
  const k = frequency * PIXEL_SIZE_A;
  const mean = micrograph.pixels.reduce((sum, value) => sum + value, 0) / SIZE ** 2;
  return powerIn(micrograph.pixels, SIZE, [k * (1 - width), k * (1 + width)], towards) / mean;
}

/** √(n π − asin A) / (π λ Δz): where χ + asin(A) is n π, without aberration; in 1/Å. */
function ring(n: number, defocusUm: number): number {
  const phase = n * Math.PI - Math.asin(0.1);
  return Math.sqrt(phase / (Math.PI * electronWavelengthA(300) * defocusUm * 1e4));
}

Deno.test("the power spectrum has Thon rings: dark at the CTF's zeros, bright in between", () => {
  const image = ice({ csMm: 0 });
  for (let n = 1; n <= 3; n++) {
    assertAlmostEquals(power(image, ring(n, 1.5)), 1, 0.35, `zero ${n}`);
    assertAlmostEquals(power(image, ring(n + 0.5, 1.5)), 5, 0.9, `maximum ${n}`);
  }
  assertAlmostEquals(power(image, ring(0.5, 1.5)), 5, 0.9);
});

Deno.test("astigmatism makes the rings ellipses", () => {
  const image = ice({ csMm: 0, astigmatismUm: 0.5, astigmatismDeg: 20, iceNoise: 20 });
  for (const [direction, defocusUm] of [[20, 1.75], [110, 1.25]]) {
    const [dark, bright] = [ring(2, defocusUm), ring(1.5, defocusUm)];
    assert(
      power(image, dark, { towards: direction }) <
        0.25 * power(image, bright, { towards: direction }),
    );
  }
  const wrong = power(image, ring(3, 1.25), { towards: 20 }) /
    power(image, ring(3, 1.25), { towards: 110 });
  assert(wrong > 2, `${wrong}`);
});

Deno.test("the envelope takes the ice's power away and leaves the shot noise", () => {
  const frequency = ring(2.5, 1.5);
  const damped = power(ice({ csMm: 0, bFactorA2: 200 }), frequency);
  const expected = 1 + 4 * Math.exp(-200 * frequency ** 2 / 2);
  assertAlmostEquals(damped, expected, 0.3);
});

Deno.test("clutter adds a power that falls with the square of the frequency", () => {
  const [uneven, even] = [ice({ csMm: 0, clutter: 3 }), ice({ csMm: 0 })];
  for (const distance of [130, 90, 60]) {
    const k = 1 / distance;
    const transfer = Math.sin(Math.PI * electronWavelengthA(300) * 15_000 * k * k + Math.asin(0.1));
    const expected = 3 * 4 * transfer ** 2 * (distance / 30) ** 2;
    const added = power(uneven, k, { width: 0.15 }) - power(even, k, { width: 0.15 });
    assertAlmostEquals(added / expected, 1, 0.35, `1/${distance} Å`);
  }
});

Deno.test("without structure the noise is white, with the variance of the mean count", () => {
  const image = ice({ iceNoise: 0, dosePerA2: 25, dqe: 0.5, iceThicknessA: 320 });
  const { pixels } = image.micrograph;
  const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
  assertAlmostEquals(mean / (25 * 0.5 * 16 * Math.exp(-0.1)), 1, 1e-3);
  for (const k of [0.02, 0.06, 0.11]) assertAlmostEquals(power(image, k), 1, 0.12);
});
