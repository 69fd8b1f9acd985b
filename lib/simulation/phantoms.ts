import { EPickerError } from "../core/mod.ts";
import type { Phantom } from "./phantom.ts";
import { apoferritin } from "./phantoms/apoferritin.ts";
import { betaGalactosidase } from "./phantoms/beta_galactosidase.ts";
import { nodavirus, phageMs2 } from "./phantoms/capsids.ts";
import { cngChannel } from "./phantoms/cng_channel.ts";
import { hemagglutinin } from "./phantoms/hemagglutinin.ts";
import { phosphodiesterase } from "./phantoms/phosphodiesterase.ts";
import { proteasome20S, proteasome26S } from "./phantoms/proteasome.ts";
import { ribosome80S } from "./phantoms/ribosome.ts";
import { tcToxin } from "./phantoms/tc_toxin.ts";

/** Makers of all phantoms by name. */
const MAKERS: Record<string, () => Phantom> = {
  "ribosome-80s": ribosome80S,
  "proteasome-20s": proteasome20S,
  "apoferritin": apoferritin,
  "tcca1": tcToxin,
  "nodavirus": nodavirus,
  "beta-galactosidase": betaGalactosidase,
  "hemagglutinin": hemagglutinin,
  "ms2": phageMs2,
  "cng-channel": cngChannel,
  "phosphodiesterase": phosphodiesterase,
  "cp": () => proteasome26S(0),
  "cp-1rp": () => proteasome26S(1),
  "cp-2rp": () => proteasome26S(2),
};

const made = new Map<string, Phantom>();

/** Names of all phantoms. */
export const PHANTOM_NAMES: readonly string[] = Object.keys(MAKERS);

/**
 * The phantom of a name of {@linkcode PHANTOM_NAMES}.
 *
 * @throws {EPickerError} `bad-option` for any other name.
 *
 * @example
 * ```ts
 * import { massOf } from "@epicker/epicker/simulation";
 * import { phantomNamed } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * const { symmetry, gaussians } = phantomNamed("apoferritin");
 * assertEquals([symmetry, Math.round(massOf(gaussians))], ["O", 480]);
 * ```
 */
export function phantomNamed(name: string): Phantom {
  const phantom = made.get(name) ?? (Object.hasOwn(MAKERS, name) ? MAKERS[name]() : undefined);
  if (phantom === undefined) {
    throw new EPickerError("bad-option", {
      file: "phantom",
      found: `"${name}"`,
      expected: PHANTOM_NAMES.join(", "),
    });
  }
  made.set(name, phantom);
  return phantom;
}
