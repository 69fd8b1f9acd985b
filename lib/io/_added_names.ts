/**
 * What programs put behind a micrograph's name when they name its coordinate file: RELION
 * (`_autopick`, `_manualpick`, `_topazpicks`, `_extract`), Gautomatch (`_automatch`), EMAN2 (`_info`,
 * `_ptcl_coords`, `_helix_coords`) and people.
 */
export const NAME_SUFFIXES: readonly string[] = [
  ...["_autopick", "_manualpick", "_topazpick", "_topazpicks", "_extract", "_automatch"],
  ...["_info", "_ptcl_coords", "_helix_coords", "_pick", "_picks", "_boxes", "_coords"],
  "_particles",
];

const SUFFIX = new RegExp(`(${NAME_SUFFIXES.join("|")})$`);

/** The number that cryoSPARC puts before the name of an imported micrograph. */
const PREFIX = /^\d{15,}_/;

/**
 * A base name without what programs add to that of a micrograph.
 *
 * A micrograph may be called so itself: only where none of the whole name is known is it this one.
 */
export function plainName(name: string): string {
  return name.replace(SUFFIX, "").replace(PREFIX, "");
}

/** The one of the known names that a base name means: itself, or else its plain form. */
export function knownName(
  name: string,
  known: { has(name: string): boolean },
): string | undefined {
  return [name, plainName(name)].find((candidate) => known.has(candidate));
}
