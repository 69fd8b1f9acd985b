import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { blankCanvas } from "../../lib/simulation/canvas.ts";
import { simulateMicrograph, type VesicleSpecimen } from "../../lib/simulation/mod.ts";
import { BILAYER, paintVesicles, projectedMembrane } from "../../lib/simulation/vesicles.ts";

const SPECIMEN: VesicleSpecimen = { kind: "vesicles", count: 60, diameterA: [150, 1200] };

function simulate(specimen: Partial<VesicleSpecimen> = {}, seed = 2) {
  return simulateMicrograph({
    specimen: { ...SPECIMEN, ...specimen },
    ...{ size: 512, pixelSizeA: 12, seed },
  });
}

Deno.test("a membrane's projection holds all of its potential", () => {
  // ∫ρ dV over Gaussian layers of radius a: 4 π V √(2 π) σ (a² + σ²).
  for (const radiusA of [75, 200, 600]) {
    const expected = BILAYER.reduce(
      (sum, { offsetA, sigmaA, volts }) =>
        sum + 4 * Math.PI * volts * Math.sqrt(2 * Math.PI) * sigmaA *
          ((radiusA + offsetA) ** 2 + sigmaA ** 2),
      0,
    );
    const profile = projectedMembrane(radiusA, 1, radiusA + 40);
    const found = profile.reduce((sum, value, r) => sum + 2 * Math.PI * r * value, 0);
    assertAlmostEquals(found / expected, 1, 0.005, `${radiusA} Å`);
  }
});

Deno.test("in the middle one looks through the membrane twice", () => {
  const across = BILAYER.reduce((sum, { sigmaA, volts }) => sum + volts * sigmaA, 0);
  const [centre] = projectedMembrane(500, 1, 540);
  assertAlmostEquals(centre / (2 * Math.sqrt(2 * Math.PI) * across), 1, 0.01);
});

Deno.test("a thin shell projects to 2 a / √(a² − r²), well inside its rim", () => {
  const radiusA = 3000;
  const profile = projectedMembrane(radiusA, 10, radiusA + 40);
  for (const share of [0.3, 0.6, 0.8]) {
    const expected = profile[0] / Math.sqrt(1 - share * share);
    assertAlmostEquals(profile[Math.round(share * radiusA / 10)] / expected, 1, 0.01);
  }
});

Deno.test("both leaflets show: the projection is darkest at their radii, with a gap between", () => {
  const profile = projectedMembrane(300, 1, 340);
  const [inner, gap, outer] = [278, 300, 315].map((r) => profile[r]);
  assert(inner > 1.15 * gap && outer > gap, `${inner} ${gap} ${outer}`);
});

Deno.test("a painted vesicle's rim has the radius of its label", () => {
  const canvas = blankCanvas(256, 6);
  const disc = { x: 120.3, y: 131.8, diameter: 90 };
  paintVesicles(canvas, [{ ...disc, membranes: [disc] }], 1);
  const rim = new Float64Array(128);
  const counts = new Float64Array(128);
  canvas.pixels.forEach((value, i) => {
    const r = Math.round(Math.hypot(i % 256 - disc.x, Math.floor(i / 256) - disc.y));
    if (r < 128) [rim[r], counts[r]] = [rim[r] + value, counts[r] + 1];
  });
  const mean = rim.map((value, r) => value / counts[r]);
  // Two leaflets 38 Å (6.3 pixels) apart: their peaks lie on both sides of the bilayer's middle.
  const peaks = [...mean.keys()].filter((r) => mean[r] > mean[r - 1] && mean[r] > mean[r + 1]);
  const [inner, outer] = peaks.filter((r) => r > 35 && r < 55);
  assertAlmostEquals((inner + outer) / 2, 45, 1);
  assertAlmostEquals(outer - inner, 6.3, 1);
  assert(mean[52] < 0.1 * mean[0]);
});

Deno.test("vesicles are between 15 and 120 nm wide, small ones more common", () => {
  const { truth, scene } = simulate();
  const diameters = truth.map(({ diameter }) => diameter! * 12);
  assert(truth.length > 40 && Math.min(...diameters) >= 150 && Math.max(...diameters) <= 1200);
  assert(diameters.filter((d) => d < 500).length > truth.length / 2);
  assertEquals(
    scene.vesicles.map(({ membranes }) => membranes.length),
    Array(truth.length).fill(1),
  );
});

Deno.test("multilamellar vesicles have membranes in each other that do not cross", () => {
  const { scene: { vesicles } } = simulate({ multilamellar: 1, diameterA: [500, 1200], count: 30 });
  assert(vesicles.some(({ membranes }) => membranes.length >= 4));
  for (const { x, y, diameter, membranes } of vesicles) {
    assertEquals(membranes[0], { x, y, diameter });
    for (const inner of membranes.slice(1)) {
      const reach = Math.hypot(inner.x - x, inner.y - y) + inner.diameter / 2;
      assert(reach < diameter / 2 - 40 / 12, "40 Å from middle to middle at least");
    }
  }
});

Deno.test("with little spacing some overlap", () => {
  const { truth } = simulate({ spacing: 0.6, count: 150 });
  const overlaps = truth.flatMap((a, i) =>
    truth.slice(0, i).filter((b) =>
      Math.hypot(a.x - b.x, a.y - b.y) < (a.diameter! + b.diameter!) / 2
    )
  );
  assert(overlaps.length > 5, `${overlaps.length}`);
});
