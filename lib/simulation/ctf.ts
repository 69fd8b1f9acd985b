/** What the microscope does to contrast. */
export interface CtfOptions {
  /** Underfocus in Å; 10 000 Å are 1 µm. */
  defocusA: number;
  /** Accelerating voltage in kV. */
  voltageKv: number;
  /** Spherical aberration in mm. */
  csMm: number;
  /** Share of amplitude contrast, 0…1. */
  amplitudeContrast: number;
  /** Decay of contrast with resolution: an envelope exp(−B k² / 4), B in Å². */
  bFactorA2: number;
}

const MM = 1e7; // Å

/**
 * The wavelength of electrons in Å, relativistic: 12.2643 / √(V + 0.97845e-6 V²), V in volts.
 *
 * @example
 * ```ts
 * import { electronWavelengthA } from "@epicker/epicker";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(electronWavelengthA(300), 0.01969, 1e-5);
 * ```
 */
export function electronWavelengthA(voltageKv: number): number {
  const volts = voltageKv * 1000;
  return 12.2643 / Math.sqrt(volts + 0.97845e-6 * volts * volts);
}

/**
 * The contrast transfer function for a spatial frequency, with its envelope.
 *
 * −(√(1 − A²) sin χ + A cos χ) · exp(−B k² / 4) with χ = π λ Δz k² − π/2 Cs λ³ k⁴ (Rohou and
 * Grigorieff 2015, eq. 2–3; Δz is positive for underfocus): negative at low frequency, so that
 * matter is dark.
 *
 * @param frequency k, in 1/Å.
 */
export function contrastTransfer(
  frequency: number,
  { defocusA, voltageKv, csMm, amplitudeContrast, bFactorA2 }: CtfOptions,
): number {
  const wavelength = electronWavelengthA(voltageKv);
  const k2 = frequency * frequency;
  const phase = Math.PI * wavelength * k2 *
    (defocusA - 0.5 * csMm * MM * wavelength * wavelength * k2);
  const phaseContrast = Math.sqrt(1 - amplitudeContrast * amplitudeContrast);
  const wave = phaseContrast * Math.sin(phase) + amplitudeContrast * Math.cos(phase);
  return -wave * Math.exp(-bFactorA2 * k2 / 4);
}
