import { assert, assertAlmostEquals } from "@std/assert";
import { contrastTransfer, electronWavelengthA } from "../../lib/simulation/ctf.ts";

const options = {
  defocusA: 20_000,
  voltageKv: 300,
  csMm: 2.7,
  amplitudeContrast: 0.1,
  bFactorA2: 0,
};

Deno.test("electron wavelengths are the published ones", () => {
  assertAlmostEquals(electronWavelengthA(100), 0.03701, 1e-5);
  assertAlmostEquals(electronWavelengthA(200), 0.02508, 1e-5);
  assertAlmostEquals(electronWavelengthA(300), 0.01969, 1e-5);
});

Deno.test("the CTF is zero where its phase and the amplitude contrast's add up to multiples of π", () => {
  // χ + asin(A) = n π, solved for k² with the quadratic formula.
  const wavelength = electronWavelengthA(300);
  const a = 0.5 * Math.PI * 2.7e7 * wavelength ** 3;
  const b = Math.PI * wavelength * options.defocusA;
  for (let n = 1; n <= 8; n++) {
    const c = n * Math.PI - Math.asin(0.1);
    const k = Math.sqrt((b - Math.sqrt(b * b - 4 * a * c)) / (2 * a));
    assertAlmostEquals(contrastTransfer(k, options), 0, 1e-9);
    assert(contrastTransfer(k * 0.99, options) * contrastTransfer(k * 1.01, options) < 0);
  }
});

Deno.test("at frequency 0 matter is dark by the share of amplitude contrast", () => {
  assertAlmostEquals(contrastTransfer(0, options), -0.1, 1e-12);
});

Deno.test("the envelope damps by exp(−B k² / 4)", () => {
  const k = 1 / 15;
  const damped = contrastTransfer(k, { ...options, bFactorA2: 200 });
  const ratio = damped / contrastTransfer(k, options);
  assertAlmostEquals(ratio, Math.exp(-200 / 4 / 225), 1e-12);
});
