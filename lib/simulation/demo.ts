import { apoferritinLike, betaGalactosidaseLike, channelLike, ribosomeLike } from "./phantoms.ts";
import { simulateMicrograph, type Simulation } from "./simulate.ts";

/**
 * Four micrographs of 1024 × 1024 pixels with known truth, as the demo shows them: rings like
 * apoferritin, large particles like ribosomes, small crowded ones like beta-galactosidase, and, the
 * hard one, a membrane channel in much noise.
 *
 * @example
 * ```ts
 * import { demoMicrographs } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * const names = demoMicrographs().map(({ micrograph }) => micrograph.name);
 * assertEquals(names, ["apoferritin", "ribosome", "beta-galactosidase", "channel"]);
 * ```
 */
export function demoMicrographs(seed = 1): Simulation[] {
  return [
    simulateMicrograph({
      name: "apoferritin",
      particle: apoferritinLike(),
      pixelSizeA: 1.82,
      count: 120,
      spacing: 0.95,
      defocusA: 20_000,
      detectorBlur: 0.4,
      snr: 0.12,
      seed,
    }),
    simulateMicrograph({
      name: "ribosome",
      particle: ribosomeLike(),
      pixelSizeA: 5.36,
      count: 80,
      defocusA: 18_000,
      iceNoise: 0.5,
      bFactorA2: 300,
      detectorBlur: 0.55,
      snr: 0.12,
      seed: seed + 1,
    }),
    simulateMicrograph({
      name: "beta-galactosidase",
      particle: betaGalactosidaseLike(),
      pixelSizeA: 6.7,
      count: 600,
      spacing: 0.95,
      defocusA: 45_000,
      iceNoise: 0.97,
      bFactorA2: 25_000,
      detectorBlur: 1,
      snr: 2.5,
      seed: seed + 2,
    }),
    simulateMicrograph({
      name: "channel",
      particle: channelLike(),
      pixelSizeA: 4.48,
      count: 250,
      defocusA: 22_000,
      detectorBlur: 0.45,
      snr: 0.05,
      seed: seed + 3,
    }),
  ];
}
