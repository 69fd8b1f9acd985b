import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { simulateMicrograph, type SimulationOptions } from "../../lib/simulation/mod.ts";
import { powerIn } from "./_spectrum.ts";

const SIZE = 256;

function simulate(options: Partial<SimulationOptions>) {
  return simulateMicrograph({
    specimen: { kind: "particles", species: [{ phantom: "apoferritin" }], count: 0 },
    ...{ size: SIZE, pixelSizeA: 10, seed: 3, iceGradient: 0, dosePerA2: 100, clutter: 0 },
    ...options,
  });
}

/** Mean of the pixels at places that a condition selects. */
function meanWhere(pixels: Float32Array, isWanted: (x: number, y: number) => boolean): number {
  const wanted = pixels.filter((_, i) => isWanted(i % SIZE, Math.floor(i / SIZE)));
  return wanted.reduce((sum, value) => sum + value, 0) / wanted.length;
}

Deno.test("frost is dark, thicker in its middle, and lies where the scene says", () => {
  const { micrograph: { pixels }, scene: { crystals, hole } } = simulate({ iceCrystals: 6 });
  assert(crystals.length >= 6 && hole === undefined);
  const ice = meanWhere(
    pixels,
    (x, y) => crystals.every((c) => Math.hypot(c.x - x, c.y - y) > c.diameter),
  );
  const alone = crystals.filter((a) =>
    Math.min(a.x, a.y) > a.diameter && Math.max(a.x, a.y) < SIZE - a.diameter && a.diameter > 16 &&
    crystals.every((b) =>
      a === b || Math.hypot(a.x - b.x, a.y - b.y) > (a.diameter + b.diameter) / 2
    )
  );
  assert(alone.length > 0);
  for (const { x: cx, y: cy, diameter } of alone) {
    const ring = (low: number, high: number) =>
      meanWhere(pixels, (x, y) => {
        const r = Math.hypot(cx - x, cy - y) / diameter;
        return r >= low && r < high;
      });
    assert(ring(0, 0.2) < ring(0.25, 0.4) && ring(0.25, 0.4) < 0.98 * ice);
    // A half sphere's middle is half a diameter thick.
    assertAlmostEquals(ring(0, 0.15) / ice / Math.exp(-0.5 * diameter * 10 / 700), 1, 0.08);
  }
});

Deno.test("carbon film is darker and rougher than ice, beyond the hole's edge", () => {
  const { micrograph: { pixels }, scene: { hole } } = simulate({ carbonEdge: true, iceNoise: 1 });
  assert(hole !== undefined);
  const beyond = (x: number, y: number) => Math.hypot(x - hole.x, y - hole.y) - hole.radius;
  const film = meanWhere(pixels, (x, y) => beyond(x, y) > 30);
  const ice = meanWhere(pixels, (x, y) => beyond(x, y) < -10);
  assertAlmostEquals(film / ice, 0.8, 0.02);
  const share = pixels.filter((_, i) => beyond(i % SIZE, Math.floor(i / SIZE)) > 0).length /
    SIZE ** 2;
  assert(share > 0.03 && share < 0.5, `${share} of the micrograph is film`);
  const flat = pixels.map((value, i) => {
    const d = beyond(i % SIZE, Math.floor(i / SIZE));
    return d > 30 ? value / film - 1 : 0;
  });
  const calm = pixels.map((value, i) => {
    const d = beyond(i % SIZE, Math.floor(i / SIZE));
    return d < -10 ? value / ice - 1 : 0;
  });
  const [films, ices] = [flat, calm].map((image) =>
    powerIn(image, SIZE, [0.3, 0.4]) / image.filter((value) => value !== 0).length
  );
  assert(films > 2 * ices, `${films / ices}`);
});

Deno.test("a clean micrograph has no frost and no film", () => {
  const { scene } = simulate({});
  assertEquals([scene.crystals, scene.hole], [[], undefined]);
});
