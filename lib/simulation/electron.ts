/** Energy of an electron at rest, in keV. */
const REST_ENERGY_KEV = 510.99895;

/**
 * Potential that matter of proteins or nucleic acids adds to the ice whose place it takes,
 * integrated over space, in V Å³ per kDa.
 *
 * An atom has 47.88 V Å² times its electron scattering factor at angle 0 (Kirkland 2010, Advanced
 * Computing in Electron Microscopy, appendix C; C 2.51, N 2.21, O 1.98, H 0.53, S 5.16 Å). Protein
 * of mean composition and 1.35 g/cm³ has a mean potential of 8.0 V in 1230 Å³ per kDa, vitreous ice
 * of 0.93 g/cm³ one of 4.5 V; RNA is denser and weaker per mass and comes to the same within 5 %.
 */
export const POTENTIAL_PER_KDA = 4250;

/**
 * The wavelength of electrons in Å, relativistic: 12.2643 / √(V + 0.97845e-6 V²), V in volts.
 *
 * @example
 * ```ts
 * import { electronWavelengthA } from "@epicker/epicker/simulation";
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
 * How far a projected potential shifts the phase of electrons, in radians per V Å:
 * 2 π / (λ E) · (E₀ + E) / (2 E₀ + E) for the energy E and the rest energy E₀ (Kirkland 2010,
 * eq. 5.6).
 *
 * @example
 * ```ts
 * import { interactionParameter } from "@epicker/epicker/simulation";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(interactionParameter(300), 6.526e-4, 1e-7);
 * ```
 */
export function interactionParameter(voltageKv: number): number {
  const relativity = (REST_ENERGY_KEV + voltageKv) / (2 * REST_ENERGY_KEV + voltageKv);
  return 2 * Math.PI * relativity / (electronWavelengthA(voltageKv) * voltageKv * 1000);
}
