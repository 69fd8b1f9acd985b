import { electronWavelengthA } from "./electron.ts";

/** What the microscope does to contrast. */
export interface CtfOptions {
  /** Underfocus in µm, the mean of the two directions. */
  defocusUm: number;
  /** Difference between the largest and the smallest defocus, in µm. */
  astigmatismUm: number;
  /** Direction of the largest defocus, in degrees from the x axis towards the y axis. */
  astigmatismDeg: number;
  /** Accelerating voltage in kV. */
  voltageKv: number;
  /** Spherical aberration in mm. */
  csMm: number;
  /** Share of amplitude contrast, 0…1. */
  amplitudeContrast: number;
  /** Decay of contrast with resolution: an envelope exp(−B k² / 4), B in Å². */
  bFactorA2: number;
}

const [UM, MM] = [1e4, 1e7]; // Å

/**
 * The contrast transfer function, as a function of a spatial frequency's two parts in 1/Å.
 *
 * −(√(1 − A²) sin χ + A cos χ) · exp(−B k² / 4) with χ = π λ Δz k² − π/2 Cs λ³ k⁴; the defocus Δz,
 * positive for underfocus, depends on the direction θ as mean + ½ difference · cos 2(θ − θ₀)
 * (Rohou and Grigorieff 2015, eq. 2–5). Negative at low frequency, so that matter is dark.
 *
 * @example
 * ```ts
 * import { contrastTransfer } from "@epicker/epicker";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const transfer = contrastTransfer({
 *   defocusUm: 2,
 *   astigmatismUm: 0,
 *   astigmatismDeg: 0,
 *   voltageKv: 300,
 *   csMm: 0,
 *   amplitudeContrast: 0,
 *   bFactorA2: 0,
 * });
 * assertAlmostEquals(transfer(1 / Math.sqrt(0.019687 * 20_000), 0), 0, 1e-3);
 * ```
 */
export function contrastTransfer(options: CtfOptions): (kx: number, ky: number) => number {
  const { csMm, amplitudeContrast, bFactorA2 } = options;
  const wavelength = electronWavelengthA(options.voltageKv);
  const phaseContrast = Math.sqrt(1 - amplitudeContrast * amplitudeContrast);
  const shift = Math.atan2(amplitudeContrast, phaseContrast);
  const focus = Math.PI * wavelength * options.defocusUm * UM;
  const stretch = Math.PI * wavelength * options.astigmatismUm * UM / 2;
  const twice = 2 * options.astigmatismDeg * Math.PI / 180;
  const [along, across] = [stretch * Math.cos(twice), stretch * Math.sin(twice)];
  const spherical = Math.PI / 2 * csMm * MM * wavelength ** 3;
  return (kx, ky) => {
    const [xx, yy] = [kx * kx, ky * ky];
    const k2 = xx + yy;
    const chi = focus * k2 + along * (xx - yy) + 2 * across * kx * ky - spherical * k2 * k2;
    return -Math.sin(chi + shift) * Math.exp(-bFactorA2 * k2 / 4);
  };
}
