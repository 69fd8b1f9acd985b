import { assert, assertAlmostEquals } from "@std/assert";
import { contrastTransfer, type CtfOptions } from "../../lib/simulation/ctf.ts";
import {
  electronWavelengthA,
  interactionParameter,
  POTENTIAL_PER_KDA,
} from "../../lib/simulation/electron.ts";

const OPTIONS: CtfOptions = {
  defocusUm: 2,
  astigmatismUm: 0,
  astigmatismDeg: 0,
  voltageKv: 300,
  csMm: 2.7,
  amplitudeContrast: 0.1,
  bFactorA2: 0,
};

/** The n-th zero: χ + asin(A) = n π, solved for k² with the quadratic formula; in 1/Å. */
function zero(n: number, defocusUm: number): number {
  const wavelength = electronWavelengthA(300);
  const a = 0.5 * Math.PI * 2.7e7 * wavelength ** 3;
  const b = Math.PI * wavelength * defocusUm * 1e4;
  const c = n * Math.PI - Math.asin(0.1);
  return Math.sqrt((b - Math.sqrt(b * b - 4 * a * c)) / (2 * a));
}

Deno.test("electron wavelengths are the published ones", () => {
  assertAlmostEquals(electronWavelengthA(100), 0.03701, 1e-5);
  assertAlmostEquals(electronWavelengthA(200), 0.02508, 1e-5);
  assertAlmostEquals(electronWavelengthA(300), 0.01969, 1e-5);
});

Deno.test("interaction parameters are the published ones", () => {
  // Kirkland 2010, Advanced Computing in Electron Microscopy, table 5.2, in 1/(kV Å).
  assertAlmostEquals(1000 * interactionParameter(100), 0.9244, 1e-4);
  assertAlmostEquals(1000 * interactionParameter(200), 0.7288, 1e-4);
  assertAlmostEquals(1000 * interactionParameter(300), 0.6526, 1e-4);
});

Deno.test("the potential of protein in ice follows from its atoms and those of the water it displaces", () => {
  // V Å² per Å of scattering factor; factors at angle 0 of C, N, O, H in Å; a mean residue of
  // 110 Da; 1.35 g/cm³ for protein and 0.93 g/cm³ for ice.
  const [perFactor, c, n, o, h, gramPerCm3] = [47.88, 2.51, 2.21, 1.98, 0.53, 0.6022];
  const residue = perFactor * (4.9 * c + 1.35 * n + 1.48 * o + 7.7 * h);
  const volume = 1000 / (1.35 * gramPerCm3);
  const water = perFactor * (o + 2 * h) / 18.015 * 0.93 * gramPerCm3;
  const expected = residue / 0.11 - water * volume;
  assertAlmostEquals(POTENTIAL_PER_KDA / expected, 1, 0.03);
});

Deno.test("the CTF is zero where its phase and the amplitude contrast's add up to multiples of π", () => {
  const transfer = contrastTransfer(OPTIONS);
  for (let n = 1; n <= 8; n++) {
    const k = zero(n, 2);
    assertAlmostEquals(transfer(k, 0), 0, 1e-9);
    assertAlmostEquals(transfer(0.6 * k, -0.8 * k), 0, 1e-9);
    assert(transfer(k * 0.99, 0) * transfer(k * 1.01, 0) < 0);
  }
});

Deno.test("with astigmatism each direction has the zeros of its own defocus", () => {
  const transfer = contrastTransfer({ ...OPTIONS, astigmatismUm: 0.4, astigmatismDeg: 30 });
  const along = (k: number, degrees: number) =>
    transfer(k * Math.cos(degrees * Math.PI / 180), k * Math.sin(degrees * Math.PI / 180));
  for (const [degrees, defocusUm] of [[30, 2.2], [210, 2.2], [120, 1.8], [75, 2], [-15, 2]]) {
    for (let n = 1; n <= 4; n++) assertAlmostEquals(along(zero(n, defocusUm), degrees), 0, 1e-9);
  }
});

Deno.test("at frequency 0 matter is dark by the share of amplitude contrast", () => {
  assertAlmostEquals(contrastTransfer(OPTIONS)(0, 0), -0.1, 1e-12);
});

Deno.test("the envelope damps by exp(−B k² / 4)", () => {
  const k = 1 / 15;
  const damped = contrastTransfer({ ...OPTIONS, bFactorA2: 200 })(k, 0);
  const ratio = damped / contrastTransfer(OPTIONS)(k, 0);
  assertAlmostEquals(ratio, Math.exp(-200 / 4 / 225), 1e-12);
});
