import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { phantomNamed, simulateMicrograph, type Simulation } from "../../lib/simulation/mod.ts";
import type { ParticleSpecimen, SimulationOptions } from "../../lib/simulation/mod.ts";

const MIXTURE: ParticleSpecimen = {
  kind: "particles",
  species: [{ phantom: "cp", share: 1 }, { phantom: "cp-1rp", share: 1 }, {
    phantom: "cp-2rp",
    share: 2,
  }],
  count: 120,
  spacing: 0.3,
};

function simulate(
  specimen: ParticleSpecimen,
  options: Partial<SimulationOptions> = {},
): Simulation {
  return simulateMicrograph({ specimen, size: 512, pixelSizeA: 12, seed: 3, ...options });
}

Deno.test("a mixture has the shares asked for, and each particle its species' diameter", () => {
  const { scene: { particles }, truth } = simulate(MIXTURE);
  assertEquals(particles.length, 120);
  const counts = Map.groupBy(particles, ({ species }) => species);
  // Binomial of 120 with shares of a quarter and a half: ± 3 standard deviations.
  for (const [name, share] of [["cp", 0.25], ["cp-1rp", 0.25], ["cp-2rp", 0.5]] as const) {
    assertAlmostEquals(
      counts.get(name)!.length / 120,
      share,
      3 * Math.sqrt(share * (1 - share) / 120),
    );
    for (const { diameter } of counts.get(name)!) {
      assertAlmostEquals(diameter, phantomNamed(name).diameterA / 12, 1e-9);
    }
  }
  assertEquals(truth, particles.map(({ x, y, diameter }) => ({ x, y, diameter })));
});

Deno.test("views are named by the tilt", () => {
  for (const { tiltDeg, view } of simulate(MIXTURE).scene.particles) {
    const axis = Math.abs(Math.cos(tiltDeg * Math.PI / 180));
    assertEquals(view, axis > Math.cos(Math.PI / 6) ? "top" : axis < 0.5 ? "side" : "oblique");
  }
});

Deno.test("without a preference half of all views are from the side", () => {
  const { scene: { particles } } = simulate({ ...MIXTURE, count: 400, spacing: 0 });
  const share = (wanted: string) => particles.filter(({ view }) => view === wanted).length / 400;
  assertAlmostEquals(share("side"), 0.5, 0.08); // |cos tilt| < cos 60°
  assertAlmostEquals(share("top"), 1 - Math.cos(Math.PI / 6), 0.06);
});

Deno.test("preferred views are so much more common", () => {
  const views = { side: 0.5, top: 0.3 };
  const { scene: { particles } } = simulate({ ...MIXTURE, count: 400, spacing: 0, views });
  const share = (wanted: string) => particles.filter(({ view }) => view === wanted).length / 400;
  assertAlmostEquals(share("side"), 0.5 + 0.2 * 0.5, 0.08);
  assertAlmostEquals(share("top"), 0.3 + 0.2 * 0.134, 0.08);
});

Deno.test("a side view of CP·2RP is long and narrow, along its psi angle", () => {
  const { micrograph, scene } = simulateMicrograph({
    specimen: { kind: "particles", species: [{ phantom: "cp-2rp" }], count: 1, views: { side: 1 } },
    ...{ size: 256, pixelSizeA: 5, border: 80, seed: 4 },
    ...{ dosePerA2: 1e4, dqe: 1, iceNoise: 0, iceGradient: 0, amplitudeContrast: 1, defocusUm: 0 },
  });
  const [{ x, y, rotDeg: _, psiDeg, view }] = scene.particles;
  assertEquals(view, "side");
  const mean = micrograph.pixels[0];
  let [xx, xy, yy, total] = [0, 0, 0, 0];
  micrograph.pixels.forEach((value, i) => {
    const [dx, dy] = [i % 256 - x, Math.floor(i / 256) - y];
    const dark = Math.hypot(dx, dy) < 60 ? mean - value : 0;
    [xx, xy, yy, total] = [
      xx + dark * dx * dx,
      xy + dark * dx * dy,
      yy + dark * dy * dy,
      total + dark,
    ];
  });
  const [sum, spread] = [(xx + yy) / total, Math.hypot(xx - yy, 2 * xy) / total];
  assert((sum + spread) / (sum - spread) > 4, "at least twice as long as wide");
  // The z axis comes to lie along (−sin tilt cos psi, sin tilt sin psi).
  const axis = Math.atan2(2 * xy, xx - yy) / 2 * 180 / Math.PI;
  const off = Math.abs(Math.cos((axis + psiDeg) * Math.PI / 180));
  assertAlmostEquals(off, 1, 0.01);
});

Deno.test("broken particles and clumps are there without labels", () => {
  const { truth, scene } = simulate({ ...MIXTURE, count: 20, broken: 0.5, clumps: 2 });
  assertEquals(truth.length, 20);
  const broken = scene.debris.filter(({ cutA }) => cutA !== undefined);
  assert(broken.length >= 10 && scene.debris.length >= broken.length + 1);
});

Deno.test("particles keep off frost and film", () => {
  const { scene } = simulate({ ...MIXTURE, count: 60 }, { iceCrystals: 6, carbonEdge: true });
  const { particles, crystals, hole } = scene;
  assert(crystals.length >= 6 && hole !== undefined && particles.length > 10);
  for (const { x, y, diameter } of particles) {
    assert(Math.hypot(x - hole.x, y - hole.y) < hole.radius - diameter / 2);
    for (const frost of crystals) {
      assert(Math.hypot(x - frost.x, y - frost.y) > (diameter + frost.diameter) / 2);
    }
  }
});
